"""Who said what on a page: a server for one's own machine, with an API typed by the same models.

``attribution serve`` starts it. ``attribution.web.app.create_app`` makes the ASGI application for a server of your own.
"""
