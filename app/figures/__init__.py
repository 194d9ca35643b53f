"""Figures: statistics, verdicts, warnings and units. They know no word of Kernelscope's."""
