//! A store is read by others: the rows of its Parquet files are those of its lines, `find` answers from its SQLite file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::ToSpan;
use jiff::civil::date;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use plan_ingest::store::{Ask, Holds, TABLES, find};
use serde_json::Value;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// The store of an archive of two plans (one with its annex) and a locked file; every test looks at its own.
fn store(dir: &Path) -> PathBuf {
    let root = dir.join("kho");
    let copy = |from: &str, to: &str| {
        let to = root.join(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("makes");
        fs::copy(format!("{FIXTURES}/{from}"), to).expect("copies");
    };
    copy("plans/phan-loai-rac/input/plan.txt", "a/kế hoạch 46.txt");
    copy("plans/phan-loai-rac/input/phu-luc.xlsx", "a/phụ lục/số liệu.xlsx");
    copy("plans/phan-loai-rac/truth.txt", "b/bản gõ.txt");
    copy("bad/co-mat-khau.pdf", "khoa.pdf");
    let store = dir.join("store");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
    let status = command.arg("batch").arg(&root).arg("--out").arg(&store).args(["--facts-only", "--ocr", "never", "--quiet"]).status();
    assert_eq!(status.expect("it starts").code(), Some(2));
    store
}

/// A row as a line would tell it.
fn json(row: &Row) -> Value {
    fn value(field: &Field) -> Value {
        match field {
            Field::Str(text) => text.as_str().into(),
            Field::Long(number) => (*number).into(),
            Field::Double(number) => (*number).into(),
            Field::Bool(truth) => (*truth).into(),
            Field::Date(days) => (date(1970, 1, 1) + days.days()).to_string().into(),
            Field::ListInternal(list) => list.elements().iter().map(value).collect(),
            _ => Value::Null,
        }
    }
    row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect::<serde_json::Map<_, _>>().into()
}

fn parquet(store: &Path, table: &str) -> Vec<(PathBuf, Vec<Value>)> {
    let mut files = Vec::new();
    for year in fs::read_dir(store.join("dataset").join(table)).expect("reads").map(|e| e.expect("an entry").path()) {
        let path = year.join("part-00000.parquet");
        let reader = SerializedFileReader::new(File::open(&path).expect("opens")).expect("Parquet");
        let rows = reader.get_row_iter(None).expect("rows").map(|r| json(&r.expect("a row"))).collect();
        files.push((year, rows));
    }
    files
}

#[test]
fn parquet_holds_what_the_lines_hold() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = store(dir.path());
    for table in TABLES {
        let lines = fs::read_to_string(store.join(format!("lines/{}.jsonl", table.name))).expect("reads");
        let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        let files = parquet(&store, table.name);
        let rows: Vec<&Value> = files.iter().flat_map(|(_, rows)| rows).collect();
        assert_eq!(rows.len(), lines.len(), "{}", table.name);
        assert!(!rows.is_empty(), "{}", table.name);
        let known: BTreeSet<&str> = table.columns.iter().map(|c| c.name).chain(["bundle", "year"]).collect();
        for (row, line) in rows.iter().zip(&lines) {
            for name in line.as_object().expect("an object").keys() {
                assert!(known.contains(name.as_str()), "{}.{name} has no column", table.name);
            }
            assert_eq!(row["bundle"], line["bundle"]);
            for column in table.columns {
                let (there, said) = (&row[column.name], line.get(column.name).unwrap_or(&Value::Null));
                match column.holds {
                    Holds::Texts => assert_eq!(there.as_array().map_or(0, Vec::len), said.as_array().map_or(0, Vec::len)),
                    Holds::Number => assert_eq!(there.as_f64(), said.as_f64(), "{}.{}", table.name, column.name),
                    _ => assert_eq!(there, said, "{}.{}", table.name, column.name),
                }
            }
        }
    }
    // Partitions are the years of issue, and null for what has none.
    let years: BTreeSet<String> =
        parquet(&store, "failures").iter().map(|(p, _)| p.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(years, BTreeSet::from(["year=__HIVE_DEFAULT_PARTITION__".to_owned()]));
    assert!(store.join("dataset/plans/year=2025").is_dir());
    // A date is a date, not its words.
    let reader = SerializedFileReader::new(File::open(store.join("dataset/plans/year=2025/part-00000.parquet")).expect("opens"));
    let row = reader.expect("Parquet").get_row_iter(None).expect("rows").next().expect("one").expect("a row");
    let issued = row.get_column_iter().find(|(name, _)| *name == "issued").map(|(_, field)| field.clone());
    assert!(matches!(issued, Some(Field::Date(days)) if days == 20_339), "{issued:?}");
}

#[test]
fn find_knows_no_marks_and_takes_words_doers_and_months() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = store(dir.path());
    let ask = |words: Option<&str>, who: Option<&str>, due: Option<&str>| {
        let ask =
            Ask { words: words.map(str::to_owned), who: who.map(str::to_owned), due: due.map(|m| m.parse().expect("a month")), most: 100 };
        find(&store, &ask).expect("finds")
    };
    let marked = ask(Some("Tổ công tác"), None, None);
    assert!(marked.len() > 1 && marked.len() == ask(Some("to CONG tac"), None, None).len());
    assert!(marked.iter().any(|f| f.place.as_ref().is_some_and(|(file, ..)| file == "kho/b/bản gõ.txt")));
    // đ is d.
    assert_eq!(ask(Some("đô thị"), None, None).len(), ask(Some("do thi"), None, None).len());
    let of_one = ask(None, Some("trạm y tế"), None);
    assert!(!of_one.is_empty() && of_one.iter().all(|f| f.kind != "plan"));
    let september = ask(None, None, Some("2025-09"));
    assert!(!september.is_empty() && ask(None, None, Some("9/2025")) == september && ask(None, None, Some("1/2019")).is_empty());
    let both = ask(Some("tổ công tác"), None, Some("2025-09"));
    assert!(!both.is_empty() && both.iter().all(|f| marked.contains(f) && september.contains(f)));
    // The query's own language is not spoken.
    for hostile in ["\" OR 1=1 --", "what:*", "NEAR(a b)", "a\u{0}b", "((("] {
        let ask = Ask { words: Some(hostile.to_owned()), most: 5, ..Ask::default() };
        assert!(find(&store, &ask).is_ok_and(|f| f.is_empty()) || hostile == "(((", "{hostile}");
    }
    assert!(find(&store, &Ask::default()).is_err(), "nothing asked");
    assert!(find(dir.path(), &Ask::default()).is_err(), "no store");
}

#[test]
fn duckdb_and_pyarrow_read_it() {
    let has = |python: &str| Command::new(python).args(["-c", "import duckdb, pyarrow"]).output().is_ok_and(|o| o.status.success());
    let named = std::env::var("PLAN_INGEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !has(&named) {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/test_dataset.py");
    let output = Command::new(named).arg(script).arg(store(dir.path())).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
