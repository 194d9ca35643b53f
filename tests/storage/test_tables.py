"""Tables: the documented columns, empty where there is no value, harmless in a spreadsheet."""

import csv
import io
import json

import msgspec

from app.core.measurement import Error, Status
from app.findings.rows import rows
from app.storage.tables import csv_text, json_text, markdown_text, tsv_text
from app.workloads import workloads
from tests.findings.test_rows import measured, session

COLUMNS = (
    "target,engine,workload,variant,rows,columns,depth,status,reason,median_s,low_s,high_s,samples,speedup,"
    "speedup_low,speedup_high,gflops,gbytes_per_s,rel_error,max_abs_error,compile_s,timer,parameters,"
    "cpu_s,cpu_speedup,unpaired,shape,config,of_best_peer,best_peer,machine"
)
ROWS = rows(
    session(measured("a", "f32", 0.4), measured("a", "fast", 0.1), measured("b", "f32", 1.0, Status.WRONG)),
    workloads(),
)


def test_csv_has_the_documented_columns_and_empty_cells() -> None:
    text = csv_text(ROWS)
    assert text.splitlines()[0] == COLUMNS
    base, fast, wrong = csv.DictReader(io.StringIO(text))
    assert (base["target"], base["rows"], base["columns"], base["depth"]) == ("a", "100", "50", "")
    assert (base["shape"], base["config"]) == ("100x50", "")
    assert float(fast["speedup_low"]) <= float(fast["speedup"]) <= float(fast["speedup_high"])
    assert wrong["status"] == "wrong result"
    for name in ("speedup", "speedup_low", "median_s", "gflops", "samples"):
        assert wrong[name] == ""


def test_cpu_seconds_and_pairs_come_last() -> None:
    """What nobody noted is an empty cell; across targets nothing is paired."""
    base, fast = (
        msgspec.structs.replace(m, cpu=tuple(2 * s for s in m.samples))
        for m in (measured("a", "f32", 0.4), measured("a", "fast", 0.1))
    )
    found = rows(session(base, fast, measured("b", "fast", 0.2), baseline="a/f32"), workloads())
    lines = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert [line["unpaired"] for line in lines] == ["0", "0", "1"]
    assert [line["cpu_s"] for line in lines][2] == lines[2]["cpu_speedup"] == ""
    assert float(lines[1]["cpu_s"]) == 2 * float(lines[1]["median_s"])
    assert round(float(lines[1]["cpu_speedup"]), 3) == 4.0
    assert "\t201 ms\t" in tsv_text(found)
    assert "2.00× faster (1.99–2.01, unpaired)" in tsv_text(found)


def test_json_is_the_same_table() -> None:
    objects = json.loads(json_text(ROWS))
    more = (
        "of_ceiling,launch_bound,seconds_with_transfers,seconds_resident,operands,operand_kind,tuned,verdict,warnings,"
        "cpu_speedup_low,cpu_speedup_high,instances,parts,bound_by,bound_by_figures"
    )
    assert [",".join(entry) for entry in objects] == [f"{COLUMNS},{more}"] * 3
    assert [entry["verdict"] for entry in objects] == [None, "faster", None]
    assert objects[2]["speedup"] is None


def test_what_is_not_finite_is_empty_in_files_and_said_to_people() -> None:
    nowhere = msgspec.structs.replace(ROWS[2].measurement, error=Error(None, None, None, None, 1e-5))
    row = msgspec.structs.replace(ROWS[2], measurement=nowhere)
    (cells,) = csv.DictReader(io.StringIO(csv_text([row])))
    assert (cells["rel_error"], cells["max_abs_error"]) == ("", "")
    (entry,) = json.loads(json_text([row]))
    assert (entry["rel_error"], entry["max_abs_error"]) == (None, None)
    assert "\tnot finite\t" in tsv_text([row])
    assert "not finite" in markdown_text([row])


def test_cells_cannot_become_formulas() -> None:
    evil = msgspec.structs.replace(ROWS[2].measurement, reason="=HYPERLINK(1)\n|x|")
    row = msgspec.structs.replace(ROWS[2], measurement=evil)
    assert "'=HYPERLINK" in csv_text([row])
    assert "\t'=HYPERLINK(1) |x|\n" in tsv_text([row])
    assert len(tsv_text([row]).splitlines()) == 2
    assert "\\|x\\|" in markdown_text([row])


def test_what_people_read() -> None:
    text = tsv_text(ROWS)
    assert "\t4.00× faster (4.00–4.00)\t" in text
    assert "\tbaseline\t" in text
    assert markdown_text(ROWS).splitlines()[1].startswith("| --- |")
    for bad in ("nan", "inf", "0.00"):
        assert bad not in text
