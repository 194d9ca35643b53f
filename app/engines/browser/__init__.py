"""The user's browser as an engine: a page on loopback does what the other engines do in their own process.

``page`` and ``server`` speak with the page (``resources/web``); ``engine`` and ``device`` look like every
other engine from above. The package itself imports nothing, so that faces may import ``find`` and ``launch``.
"""
