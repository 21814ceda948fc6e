"""Checks that an HTML page needs nothing outside its folder and no network; prints each fault.

usage: check_page.py FOLDER WORD...    every word must stand in the page
"""

import html.parser
import pathlib
import sys
import urllib.parse


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links = []
        self.words = []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href") and value]

    def handle_data(self, data):
        self.words.append(data)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    page = Links()
    page.feed((folder / "index.html").read_text(encoding="utf-8"))
    faults = []
    for link in page.links:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme == "data" or (not parts.scheme and not parts.netloc and not parts.path):
            continue
        target = (folder / urllib.parse.unquote(parts.path)).resolve()
        if parts.scheme or parts.netloc or folder not in target.parents or not target.is_file():
            faults.append(f"{link} does not stand in the page's folder")
    text = " ".join(page.words)
    faults += [f"the page does not show {word}" for word in sys.argv[2:] if word not in text]
    if not any(not link.startswith("#") for link in page.links):
        faults.append("the page shows no picture")
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main()
