"""The hosted checkout page."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/_static")
