//! `calendar.ics` (RFC 5545): every due that has a day is an event with a reminder; numbers of events stay the same between runs, and
//! their SEQUENCE rises when they change.

use std::collections::{BTreeMap, BTreeSet};

use icalendar::Property;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Material;
use super::name;
use super::record::{Report, TaskRecord};
use super::slot::{Note, Rule, Slot};
use super::template::one_line;
use super::view::TaskView;
use super::words::{self, Words, fill, key, shorten};
use crate::calendar::{Day, Off};
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;

/// How dues stand in the calendar: `rules/render/calendar.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    zone: String,
    offset: String,
    zone_name: String,
    box_before_due: i64,
    box_of_meeting: i64,
    alarms: Alarms,
    open_weekday: Day,
    names: BTreeMap<String, String>,
    longest_name: usize,
    longest_description: usize,
    notes: Notes,
    merged: Merged,
}

/// How the calendar of several plans is told from that of one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merged {
    name: String,
    summary: String,
    twice: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alarms {
    all_day: Vec<String>,
    timed: Vec<String>,
    span: Vec<String>,
    span_end: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notes {
    before: String,
    before_each: String,
    open_day: String,
    open_weekday: String,
    open_end: String,
    times: String,
    weekend: String,
    holiday: String,
}

impl Settings {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/calendar.yaml")
    }

    pub(super) fn open_weekday(&self) -> Weekday {
        match self.open_weekday {
            Day::Week(day) => day,
            _ => Weekday::Friday,
        }
    }

    /// What is told of a slot: how it was put into days, and which of them nobody works on.
    pub(super) fn notes(&self, slot: &Slot, words: &Words, holidays: &crate::calendar::Calendar) -> Vec<String> {
        let notes = slot.notes.iter().map(|n| self.note(*n, words));
        notes.chain(slot.off(holidays).map(|(day, off)| self.off(day, &off, holidays))).collect()
    }

    fn off(&self, day: Date, off: &Off, holidays: &crate::calendar::Calendar) -> String {
        let before = std::iter::successors(day.yesterday().ok(), |d| d.yesterday().ok()).take(40).find(|d| holidays.is_working(*d));
        let parts = [("date", words::day(day)), ("before", words::day(before.unwrap_or(day)))];
        let parts: Vec<(&str, &str)> = parts.iter().map(|(k, v)| (*k, v.as_str())).collect();
        match off {
            Off::Weekend => fill(&self.notes.weekend, &parts),
            Off::Holiday(name) => fill(&self.notes.holiday, &[parts.as_slice(), &[("name", name)]].concat()),
        }
    }

    fn note(&self, note: Note, words: &Words) -> String {
        let n = &self.notes;
        match note {
            Note::Before(date) => fill(&n.before, &[("date", &words::day(date))]),
            Note::BeforeEach => n.before_each.clone(),
            Note::OpenDay => n.open_day.clone(),
            Note::OpenWeekday(day) => fill(&n.open_weekday, &[("day", &words.weekday(day))]),
            Note::OpenEnd => n.open_end.clone(),
            Note::Times(times) => fill(&n.times, &[("times", &format!("{times:02}"))]),
        }
    }
}

/// What the template of an event's description sees: the task, and what must be told about its days.
#[derive(Serialize)]
struct Described<'a> {
    #[serde(flatten)]
    task: &'a TaskView,
    notes: Vec<String>,
}

/// An event before it has its SEQUENCE.
struct Event {
    uid: String,
    /// Ids of those who do it, lead it or support it.
    actors: Vec<String>,
    /// What it says, UID, SEQUENCE and DTSTAMP left out.
    body: String,
}

/// The events of a plan, ready to be written for everybody or for one.
pub(super) struct Calendar<'a> {
    settings: &'a Settings,
    name: String,
    /// With UID, SEQUENCE and DTSTAMP.
    events: Vec<(Vec<String>, String)>,
}

impl<'a> Calendar<'a> {
    /// The events of one plan, numbered on from those of the calendar that is replaced.
    pub(super) fn new(material: &Material<'a>) -> Result<Self> {
        let before = material.options.calendar.as_deref().map(numbered).unwrap_or_default();
        let mut calendar = Self { settings: material.calendar, name: material.view.head.name.clone(), events: Vec::new() };
        calendar.add(material, None, &before, &mut BTreeSet::new())?;
        Ok(calendar)
    }

    /// The events of several plans, each naming its plan; numbered on from those of `before`.
    pub(super) fn merged(plans: &[Material<'a>], settings: &'a Settings, before: Option<&str>) -> Result<Self> {
        let before = before.map(numbered).unwrap_or_default();
        let (mut taken, mut keys) = (BTreeSet::new(), BTreeSet::new());
        let mut calendar = Self { settings, name: settings.merged.name.clone(), events: Vec::new() };
        for material in plans {
            let head = &material.view.head;
            let plan = head.number.as_deref().unwrap_or(&head.name);
            // Two readings of one plan would give every event twice.
            if !keys.insert(plan_key(material.report)) {
                return Err(Error::new(Kind::Usage).detail(fill(&settings.merged.twice, &[("plan", &head.name)])));
            }
            calendar.add(material, Some(plan), &before, &mut taken)?;
        }
        Ok(calendar)
    }

    fn add(
        &mut self,
        material: &Material<'_>,
        plan: Option<&str>,
        before: &BTreeMap<String, Numbered>,
        taken: &mut BTreeSet<String>,
    ) -> Result<()> {
        for nth in 0..material.slots.len() {
            for mut event in events_of(material, nth, plan)? {
                while !taken.insert(event.uid.clone()) {
                    event.uid.insert_str(0, "x-");
                }
                let text = event.numbered(before, material.options.today)?;
                self.events.push((event.actors, text));
            }
        }
        Ok(())
    }

    /// The calendar of everybody, or of one by name with the ids under which the plan gives it duties; `None` for one who has no event.
    pub(super) fn write(&self, actor: Option<(&[&str], &str)>) -> Result<Option<String>> {
        let own = |(actors, _): &&(Vec<String>, String)| actor.is_none_or(|(ids, _)| actors.iter().any(|a| ids.contains(&a.as_str())));
        let events: Vec<&str> = self.events.iter().filter(own).map(|(_, text)| text.as_str()).collect();
        if events.is_empty() && actor.is_some() {
            return Ok(None);
        }
        let s = self.settings;
        let mut out = Lines::default();
        out.add("BEGIN", "VCALENDAR")?;
        out.add("VERSION", "2.0")?;
        out.add("PRODID", "-//plan-ingest//VI")?;
        out.add("CALSCALE", "GREGORIAN")?;
        out.add("METHOD", "PUBLISH")?;
        let name = actor.map_or_else(|| self.name.clone(), |(_, name)| format!("{} – {name}", self.name));
        out.add("X-WR-CALNAME", &one_line(&name))?;
        out.add("X-WR-TIMEZONE", &s.zone)?;
        for (key, value) in [("BEGIN", "VTIMEZONE"), ("TZID", &s.zone), ("BEGIN", "STANDARD"), ("DTSTART", "19700101T000000")] {
            out.add(key, value)?;
        }
        for (key, value) in [("TZOFFSETFROM", &s.offset), ("TZOFFSETTO", &s.offset), ("TZNAME", &s.zone_name)] {
            out.add(key, value)?;
        }
        out.add("END", "STANDARD")?;
        out.add("END", "VTIMEZONE")?;
        for event in events {
            out.text.push_str(event);
        }
        out.add("END", "VCALENDAR")?;
        Ok(Some(out.text))
    }
}

/// Content lines, escaped and folded.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn add(&mut self, key: &str, value: &str) -> Result<()> {
        self.push(Property::new(key, value))
    }

    fn push(&mut self, property: Property) -> Result<()> {
        let line: String = property.try_into().map_err(|e: std::fmt::Error| Error::new(Kind::BadRecord).because(e))?;
        self.text.push_str(&line);
        Ok(())
    }
}

impl Event {
    /// With its number: that of the event it replaces, one more where it says something else.
    fn numbered(&self, before: &BTreeMap<String, Numbered>, today: Date) -> Result<String> {
        let hash: String = Sha256::digest(self.body.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect();
        let (sequence, stamp) = match before.get(&self.uid) {
            Some(old) if old.hash == hash => (old.sequence, old.stamp.clone()),
            Some(old) => (old.sequence.saturating_add(1), stamp(today)),
            None => (0, stamp(today)),
        };
        let mut out = Lines::default();
        out.add("BEGIN", "VEVENT")?;
        out.add("UID", &self.uid)?;
        out.add("DTSTAMP", &stamp)?;
        out.add("SEQUENCE", &sequence.to_string())?;
        out.add(HASH, &hash)?;
        out.text.push_str(&self.body);
        out.add("END", "VEVENT")?;
        Ok(out.text)
    }
}

/// Tells in the next run whether an event still says the same.
const HASH: &str = "X-PLAN-INGEST-HASH";

fn stamp(today: Date) -> String {
    format!("{}T000000Z", compact(today))
}

/// An event of the calendar being replaced.
struct Numbered {
    sequence: u32,
    stamp: String,
    hash: String,
}

/// The numbered events of an earlier `calendar.ics`; none where it can't be read as one.
fn numbered(text: &str) -> BTreeMap<String, Numbered> {
    let unfolded = icalendar::parser::unfold(text);
    let Ok(calendar) = icalendar::parser::read_calendar(&unfolded) else { return BTreeMap::new() };
    let events = calendar.components.iter().filter(|c| c.name == "VEVENT");
    let event = |c: &icalendar::parser::Component<'_>| {
        let value = |key: &str| c.properties.iter().find(|p| p.name == key).map(|p| p.val.to_string());
        let sequence = value("SEQUENCE").and_then(|s| s.parse().ok()).unwrap_or(0);
        Some((value("UID")?, Numbered { sequence, stamp: value("DTSTAMP")?, hash: value(HASH).unwrap_or_default() }))
    };
    events.filter_map(event).collect()
}

fn events_of(material: &Material<'_>, nth: usize, plan: Option<&str>) -> Result<Vec<Event>> {
    let (task, seen, settings) = (&material.report.tasks[nth], &material.view.tasks[nth], material.calendar);
    let Some(slot) = &material.slots[nth] else { return Ok(Vec::new()) };
    let notes = settings.notes(slot, material.words, material.holidays);
    let description = material.templates.fill("event.txt", &Described { task: seen, notes })?;
    let description = shorten(description.trim_end(), settings.longest_description);
    let uid = format!("{}.{}", plan_key(material.report), name::safe(&task.id));
    let actors: Vec<String> = task.who.iter().chain(&task.with).cloned().collect();
    let mut events = Vec::new();
    let each: &[(Date, Date)] = if slot.rule.is_some() { &slot.days[..1] } else { &slot.days };
    for (from, to) in each {
        let uid = if each.len() > 1 { format!("{uid}.{}", compact(*from)) } else { uid.clone() };
        let body = body(&Body { task, seen, slot, description: &description, plan }, (*from, *to), settings)?;
        events.push(Event { uid: format!("{uid}@plan-ingest"), actors: actors.clone(), body });
    }
    Ok(events)
}

/// What names the plan in every UID: its number and day, or a hash of its files where it has none.
fn plan_key(report: &Report) -> String {
    let d = &report.document;
    match (&d.number, d.issued) {
        (Some(number), Some(issued)) => format!("{}.{}", name::safe(number), compact(issued)),
        (Some(number), None) => name::safe(number),
        _ => report.source.first().map_or_else(|| "plan".to_owned(), |s| s.sha256.chars().take(16).collect()),
    }
}

/// What every event of a task says.
struct Body<'a> {
    task: &'a TaskRecord,
    seen: &'a TaskView,
    slot: &'a Slot,
    description: &'a str,
    /// The plan, where the calendar holds several.
    plan: Option<&'a str>,
}

fn body(b: &Body<'_>, days: (Date, Date), s: &Settings) -> Result<String> {
    let mut out = Lines::default();
    let kind = key(b.task.kind);
    let pattern = s.names.get(&kind).map_or("{what}", String::as_str);
    let what = words::sentence(&one_line(&fill(pattern, &[("what", &b.task.what)])));
    let summary = match b.plan {
        None => shorten(&what, s.longest_name),
        Some(plan) => {
            let plan = shorten(&one_line(plan), s.longest_name / 2);
            let room = s.longest_name.saturating_sub(plan.chars().count());
            fill(&s.merged.summary, &[("what", &shorten(&what, room)), ("plan", &plan)])
        }
    };
    when(b.slot, days, s, &mut out)?;
    out.add("SUMMARY", &summary)?;
    out.add("DESCRIPTION", b.description)?;
    out.add("CATEGORIES", &b.seen.kind_name)?;
    if b.slot.time.is_none() {
        out.add("TRANSP", "TRANSPARENT")?;
    }
    alarms(b.slot, days, &summary, s, &mut out)?;
    Ok(out.text)
}

fn when(slot: &Slot, (from, to): (Date, Date), s: &Settings, out: &mut Lines) -> Result<()> {
    let Some(time) = slot.time else {
        let day = |key: &str, date: Date| Property::new(key, compact(date)).add_parameter("VALUE", "DATE").done();
        out.push(day("DTSTART", from))?;
        out.push(day("DTEND", to.tomorrow().unwrap_or(to)))?;
        if let Some(rule) = slot.rule {
            let last = slot.days.last().map_or(from, |(d, _)| *d);
            out.add("RRULE", &recurs(rule, &compact(last)))?;
        }
        return Ok(());
    };
    let (begin, end) = hours(from, time, slot.ends_at_time, s);
    let at = |key: &str, t: jiff::civil::DateTime| {
        Property::new(key, t.strftime("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", &s.zone).done()
    };
    out.push(at("DTSTART", begin))?;
    out.push(at("DTEND", end))?;
    if let Some(rule) = slot.rule {
        let last = slot.days.last().map_or(from, |(d, _)| *d);
        let (last, _) = hours(last, time, slot.ends_at_time, s);
        // The end of a series of hours is told in the world's time.
        out.add("RRULE", &recurs(rule, &utc(last, &s.offset)))?;
    }
    Ok(())
}

/// The box of an hour: it ends when something is due, it begins when something begins.
fn hours(date: Date, time: Time, ends: bool, s: &Settings) -> (jiff::civil::DateTime, jiff::civil::DateTime) {
    let at = date.to_datetime(time);
    if ends { (at.saturating_sub(s.box_before_due.minutes()), at) } else { (at, at.saturating_add(s.box_of_meeting.minutes())) }
}

fn utc(at: jiff::civil::DateTime, offset: &str) -> String {
    let (sign, digits) = if let Some(d) = offset.strip_prefix('-') { (1, d) } else { (-1, offset.trim_start_matches('+')) };
    let number = |r: std::ops::Range<usize>| digits.get(r).and_then(|d| d.parse::<i64>().ok()).unwrap_or(0);
    let minutes = sign * (number(0..2) * 60 + number(2..4));
    format!("{}Z", at.saturating_add(minutes.minutes()).strftime("%Y%m%dT%H%M%S"))
}

fn recurs(rule: Rule, until: &str) -> String {
    let every = |freq: &str, step: u32| if step > 1 { format!("FREQ={freq};INTERVAL={step}") } else { format!("FREQ={freq}") };
    match rule {
        Rule::Daily { step } => format!("{};UNTIL={until}", every("DAILY", step)),
        Rule::Weekly { step, day } => {
            format!("{};UNTIL={until};BYDAY={}", every("WEEKLY", step), key(Day::Week(day))[..2].to_uppercase())
        }
        Rule::Monthly { step, day } => format!("{};UNTIL={until};BYMONTHDAY={day}", every("MONTHLY", step)),
    }
}

fn alarms(slot: &Slot, (from, to): (Date, Date), summary: &str, s: &Settings, out: &mut Lines) -> Result<()> {
    // Nobody wants to be reminded every day of what is done every day.
    if matches!(slot.rule, Some(Rule::Daily { .. })) {
        return Ok(());
    }
    let (starts, ends): (&[String], &[String]) = match (slot.time, from == to) {
        (Some(_), _) => (&s.alarms.timed, &[]),
        (None, true) => (&s.alarms.all_day, &[]),
        (None, false) => (&s.alarms.span, &s.alarms.span_end),
    };
    let start = starts.iter().map(|t| Property::new("TRIGGER", t.as_str()));
    let end = ends.iter().map(|t| Property::new("TRIGGER", t.as_str()).add_parameter("RELATED", "END").done());
    for trigger in start.chain(end) {
        out.add("BEGIN", "VALARM")?;
        out.add("ACTION", "DISPLAY")?;
        out.push(trigger)?;
        out.add("DESCRIPTION", summary)?;
        out.add("END", "VALARM")?;
    }
    Ok(())
}

fn compact(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}
