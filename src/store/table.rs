//! The tables of a store: their columns, in one place for every format that they are written in.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// A list of words, perhaps empty.
    Texts,
    /// A civil date, ISO 8601 where there is no type for it.
    Day,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Yes or no.
    Truth,
}

impl Holds {
    /// The name under which [`schema`] tells it.
    fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Day => "date",
            Self::Whole => "integer",
            Self::Number => "number",
            Self::Truth => "boolean",
        }
    }
}

/// A column; [`BUNDLE`] stands before those of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; no word that SQL keeps for itself.
    pub name: &'static str,
    /// What it holds; anything but a list may be missing.
    pub holds: Holds,
}

/// The column that says which bundle a row is of: the path of its plan from its root, the root's own name first.
pub const BUNDLE: Column = text("bundle");

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, [`BUNDLE`] left out.
    pub columns: &'static [Column],
}

const fn text(name: &'static str) -> Column {
    Column { name, holds: Holds::Text }
}

const fn texts(name: &'static str) -> Column {
    Column { name, holds: Holds::Texts }
}

const fn day(name: &'static str) -> Column {
    Column { name, holds: Holds::Day }
}

const fn whole(name: &'static str) -> Column {
    Column { name, holds: Holds::Whole }
}

/// Every table, in the order in which they are written.
pub const TABLES: [Table; 6] = [
    Table {
        name: "plans",
        columns: &[
            text("key"),
            texts("files"),
            text("kind"),
            text("number"),
            day("issued"),
            text("place"),
            text("issuer"),
            text("issuer_parent"),
            text("title"),
            day("period_from"),
            day("period_to"),
            text("signed_by"),
            text("signed_title"),
            texts("basis"),
            whole("pages"),
            whole("tasks"),
            whole("dues"),
            whole("quotas"),
            whole("annexes"),
            whole("findings"),
            whole("doubtful"),
        ],
    },
    Table {
        name: "tasks",
        columns: &[
            text("task"),
            text("kind"),
            texts("who"),
            texts("supporters"),
            texts("receivers"),
            text("via"),
            text("product"),
            text("what"),
            text("due_says"),
            text("sure"),
            text("rule"),
            text("file"),
            whole("page"),
            text("sheet"),
            text("cell"),
            whole("line_from"),
            whole("line_to"),
            text("quote"),
            text("as_read"),
        ],
    },
    Table {
        name: "dues",
        columns: &[
            text("fact"),
            text("fact_id"),
            text("says"),
            text("bound"),
            day("due_date"),
            text("due_time"),
            day("due_from"),
            day("due_to"),
            text("until"),
            whole("count"),
            text("unit"),
            text("event"),
            text("condition"),
            text("every"),
            text("every_day"),
            whole("every_day_to"),
            text("every_month"),
            whole("times"),
            whole("step"),
            texts("months"),
        ],
    },
    Table {
        name: "quotas",
        columns: &[
            text("quota"),
            texts("who"),
            text("what"),
            Column { name: "amount", holds: Holds::Number },
            text("unit"),
            text("bound"),
            text("per"),
            text("change"),
            text("against"),
            Column { name: "about", holds: Holds::Truth },
            text("same_as"),
            text("sure"),
            text("rule"),
            text("file"),
            whole("page"),
            text("sheet"),
            text("cell"),
            whole("line_from"),
            whole("line_to"),
            text("quote"),
            text("as_read"),
        ],
    },
    Table {
        name: "findings",
        columns: &[
            text("finding"),
            text("level"),
            text("message"),
            text("file"),
            whole("page"),
            text("sheet"),
            text("cell"),
            whole("line_from"),
            whole("line_to"),
            text("quote"),
            text("as_read"),
        ],
    },
    Table { name: "failures", columns: &[text("key"), text("kind"), text("file"), text("detail")] },
];

/// The tables as JSON, for engines that must be told the shape of a result before they have one.
pub fn schema() -> serde_json::Value {
    let column = |c: &Column| serde_json::json!({ "name": c.name, "holds": c.holds.id() });
    let tables = TABLES.iter().map(|t| {
        let columns: Vec<_> = std::iter::once(&BUNDLE).chain(t.columns).map(column).collect();
        serde_json::json!({ "name": t.name, "columns": columns })
    });
    serde_json::json!({ "tables": tables.collect::<Vec<_>>() })
}
