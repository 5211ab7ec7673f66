// Reads a calendar with ical.js (the folder of the package is the first argument) and prints every day on which each of its events falls.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(`${process.argv[2]}/dist/ical.js`));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
const day = (time) => `${time.year}-${String(time.month).padStart(2, "0")}-${String(time.day).padStart(2, "0")}`;
for (const component of calendar.getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  if (!event.startDate.isDate && event.startDate.zone.tzid !== "Asia/Ho_Chi_Minh") throw new Error(`${event.uid}: ${event.startDate.zone}`);
  if (component.getAllSubcomponents("valarm").some((alarm) => !alarm.getFirstProperty("trigger"))) throw new Error(`${event.uid}: an alarm`);
  const series = event.iterator();
  for (let start = series.next(), n = 0; start && n < 1000; start = series.next(), n += 1) {
    const last = start.clone();
    last.addDuration(event.duration);
    if (start.isDate) last.adjust(-1, 0, 0, 0);
    console.log([event.uid, day(start), day(last)].join("\t"));
  }
}
