# Reads a calendar with icalendar and prints every day on which each of its events falls: UID, first day, last day.
import datetime
import sys

import icalendar
from dateutil.rrule import rrulestr

ZONE = datetime.timezone(datetime.timedelta(hours=7))
calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
for broken in [c for c in calendar.walk() if c.errors]:
    sys.exit(f"{broken.name}: {broken.errors}")
if [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] != ["Asia/Ho_Chi_Minh"]:
    sys.exit("no VTIMEZONE")
for event in calendar.walk("VEVENT"):
    start, end = event.decoded("DTSTART"), event.decoded("DTEND")
    for key in ("UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DESCRIPTION"):
        if key not in event:
            sys.exit(f"{event.get('UID')}: no {key}")
    all_day = not isinstance(start, datetime.datetime)
    length = end - start
    starts = [start]
    if "RRULE" in event:
        rule = event["RRULE"].to_ical().decode()
        first = datetime.datetime.combine(start, datetime.time()) if all_day else start
        starts = [day.date() if all_day else day for day in rrulestr(rule, dtstart=first)]
    for start in starts:
        last = start + length
        if all_day:
            last -= datetime.timedelta(days=1)
        else:
            start, last = start.astimezone(ZONE).date(), last.astimezone(ZONE).date()
        print(event["UID"], start.isoformat(), last.isoformat(), sep="\t")
