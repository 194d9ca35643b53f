"""Models, workloads made of operators: recipes choose variants for these, and chains make one program."""
