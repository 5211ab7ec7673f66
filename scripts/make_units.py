"""Recompiles the list of administrative units into rules/lexicon/units.yaml: one line of names for each level and time.

usage: python3 scripts/make_units.py admin_units.tsv > rules/lexicon/units.yaml
The table has the columns name, base_name, type and era; eras that begin with "pre-2025" ended on 1 July 2025.
"""
import csv, sys, textwrap, unicodedata

HEAD = """# The administrative units of Việt Nam by their level, as they were up to 30 June 2025 and as they are since (Resolution 202/2025/QH15 and
# the resolutions of June 2025 on the communes of each province). Made by scripts/make_units.py; numbers that name wards are left out.

# Levels and how they are shortened before a name: "UBND P. Thọ Xương".
short: { phường: [p], xã: [x], thị trấn: [tt], thị xã: [tx], thành phố: [tp], quận: [q], huyện: [h], tỉnh: [t] }

examples:
  - { text: "UBND P. Thọ Xương", gives: "UBND phường Thọ Xương" }
  - { text: "UBND phường Tho Xuơng", gives: "UBND phường Thọ Xương" }
  - { text: "UBND TP Bắc Giang", gives: "UBND thành phố Bắc Giang" }
rejects:
  - "P. Tài chính"
  - "UBND phường Thọ Xương"
  - "UBND xã Không Tên"
  - "các xã Tân Hòa"

"""
levels = ["tỉnh", "thành phố", "thị xã", "quận", "huyện", "thị trấn", "xã", "phường", "đặc khu"]
units = {}
for row in csv.DictReader(open(sys.argv[1], encoding="utf8"), delimiter="\t"):
    level, name = row["type"].lower(), unicodedata.normalize("NFC", row["base_name"]).replace("’", "'")
    if level in levels and not name.isdigit():
        units.setdefault((level, "until" if row["era"].startswith("pre") else "since"), set()).add(name)
print(HEAD + "units:")
for level in levels:
    for era in ("until", "since"):
        names = sorted(units.get((level, era), ()))
        if names:
            print(f"  - level: {level}\n    {era}: 2025-07-01\n    names: >-")
            print(textwrap.indent(textwrap.fill(", ".join(names), 140), "      "))
