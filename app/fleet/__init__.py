"""A fleet: one plan on many machines, over dask.distributed (``pip install 'kernelscope[fleet]'``).

A machine is a dask worker with one supervisor; a scheduler hands it one group of a plan at a time; what it
measures comes back as the same events that a run here has. dask is imported where it is used, so that
everything else goes without.
"""
