"""Reads Word files and workbooks with python-docx and openpyxl, and says as JSON what stands in them."""

import json
import sys
from pathlib import Path

import docx
import openpyxl


def word(path):
    document = docx.Document(path)
    section = document.sections[0]
    boxes = document.element.body.iter("{http://schemas.microsoft.com/office/word/2010/wordml}checkbox")
    return {
        "paragraphs": [p.text for p in document.paragraphs if p.text.strip()],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables],
        "margins": [round(m.mm) for m in (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)],
        "page": [round(section.page_width.mm), round(section.page_height.mm)],
        "font": document.styles["Normal"].font.name or document.styles.element.xpath("//w:docDefaults//w:rFonts/@w:ascii")[0],
        "boxes": sum(1 for _ in boxes),
    }


def plain(value):
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


def book(path):
    sheets = {}
    for sheet in openpyxl.load_workbook(path):
        cells = [[plain(cell.value) for cell in row] for row in sheet.iter_rows()]
        formulas = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        sheets[sheet.title] = {
            "cells": cells,
            "formulas": formulas,
            "frozen": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
            "validations": len(sheet.data_validations.dataValidation),
            "colours": sum(len(rules) for rules in sheet.conditional_formatting._cf_rules.values()),
            "charts": len(sheet._charts),
            "titles": sheet.print_title_rows,
        }
    return sheets


told = {Path(name).as_posix(): book(name) if name.endswith(".xlsx") else word(name) for name in sys.argv[1:]}
json.dump(told, sys.stdout)
