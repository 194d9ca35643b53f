"""The source panel: the text that ran, beside another, edited and run, and what it reads."""
