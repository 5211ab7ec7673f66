//! Is repair still as good as `docs/accuracy.md` says? Runs where the data folder stands beside the checkout.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plan_ingest::model::score::{Score, score};
use plan_ingest::model::train::pairs;
use plan_ingest::repair::Repairer;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source, Sure};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    path.exists().then_some(path)
}

fn repairer() -> Repairer {
    Repairer::new(&RuleBook::embedded()).expect("our own rules")
}

fn repaired(repairer: &Repairer, text: &str, condition: Condition) -> String {
    repairer.repair(Source::of_text("x", text, condition)).text().to_owned()
}

/// The lines of a file of pairs, document by document: as read, and the truth.
fn documents(path: &Path) -> Vec<(String, String)> {
    let lines = pairs::lines(path).expect("pairs");
    lines
        .chunk_by(|a, b| a.document() == b.document())
        .map(|d| (d.iter().map(|l| l.read.clone() + "\n").collect(), d.iter().map(|l| l.truth.clone() + "\n").collect()))
        .collect()
}

fn rate(documents: &[(String, String)], repair: impl Fn(&str) -> String) -> f64 {
    let sum = documents.iter().fold(Score::default(), |sum, (read, truth)| {
        let one = score(truth, &repair(read));
        Score { syllables: sum.syllables + one.syllables, errors: sum.errors + one.errors }
    });
    sum.rate()
}

#[test]
fn a_real_plan_comes_back() {
    let (Some(read), Some(truth)) = (shared("seed/plan-77.txt"), shared("seed/plan-77.truth.txt")) else { return };
    let (read, truth) = (std::fs::read_to_string(read).expect("text"), std::fs::read_to_string(truth).expect("text"));
    let fixed = repaired(&repairer(), &read, Condition::Unknown);
    assert_eq!(fixed.lines().count(), read.lines().count());
    let rate = score(&truth, &fixed).rate();
    assert!(rate <= 0.030, "{rate:.4}");
}

#[test]
fn plans_never_seen_come_back_and_marks_too() {
    let Some(path) = shared("pairs/eng_dev.tsv") else { return };
    let (repairer, documents) = (repairer(), documents(&path));
    let foreign = rate(&documents, |read| repaired(&repairer, read, Condition::ForeignOcr));
    assert!(foreign <= 0.022, "{foreign:.4}");
    for (_, truth) in &documents {
        assert_eq!(&repaired(&repairer, truth, Condition::Unknown), truth, "right text stays");
    }
}

#[test]
fn slips_of_a_vietnamese_ocr_go_and_nothing_else() {
    let Some(path) = shared("pairs/vie_dev.tsv") else { return };
    let (repairer, documents) = (repairer(), documents(&path));
    let (before, after) = (rate(&documents, str::to_owned), rate(&documents, |read| repaired(&repairer, read, Condition::VietnameseOcr)));
    assert!(after <= 0.6 * before, "{before:.4} {after:.4}");
}

#[test]
fn a_number_is_changed_only_with_a_doubt() {
    let Some(path) = shared("pairs/eng_dev.tsv") else { return };
    let repairer = repairer();
    for (read, _) in documents(&path).iter().take(3) {
        let fixed = repairer.repair(Source::of_text("x", read, Condition::ForeignOcr));
        for edit in fixed.log().edits() {
            let before = &fixed.source().text()[edit.raw.range()];
            if before.bytes().all(|b| b.is_ascii_digit()) {
                assert_eq!(edit.sure, Sure::Doubtful, "{before} {}", edit.fixed);
            }
        }
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_plan-ingest");

/// What `plan-ingest repair` writes for `text`, and whether it could.
fn run(text: &[u8], options: &[&str]) -> (bool, String) {
    let mut command = Command::new(PROGRAM);
    command.arg("repair").args(options).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it starts");
    let (mut to, text) = (child.stdin.take().expect("a pipe"), text.to_vec());
    let writer = std::thread::spawn(move || to.write_all(&text));
    let done = child.wait_with_output().expect("it ends");
    // Whoever refuses a text need not read it to its end.
    let _ = writer.join().expect("no panic");
    (done.status.success(), String::from_utf8(done.stdout).expect("UTF-8"))
}

const RIGHT: &str = "Ủy ban nhân dân xã xây dựng kế hoạch tổng vệ sinh đường làng, ngõ xóm năm nay như sau.\n";
const READ: &str = "Té chirc thuc hién nhiém vu dugc giao nam 2024 theo Ké hoach cua Uy ban nhan dan\n";

#[test]
fn a_text_of_any_shape_goes_through() {
    let lines = READ.replace('\n', "\r\n").repeat(3);
    let fixed = run(READ.repeat(3).as_bytes(), &[]).1;
    assert!(fixed.starts_with("Tổ chức thực hiện nhiệm vụ được giao năm 2024"), "{fixed}");
    assert_eq!(run(lines.as_bytes(), &[]).1, fixed, "CRLF is read as LF");
    let marked = format!("\u{feff}{READ}{READ}{READ}");
    assert_eq!(run(marked.as_bytes(), &[]).1, fixed, "a mark of byte order is no text");
    // Bytes that are no text are refused in a sentence, with nothing written; so is what is empty.
    for refused in [&b"\xff\xff\xfe\x00\x80 T\xe9 chirc\n"[..], b"\x00\x01\x02\x03".repeat(99).as_slice(), b""] {
        assert_eq!(run(refused, &[]), (false, String::new()), "{refused:?}");
    }
    // What comes behind a good beginning is written until it turns bad.
    let broken = [RIGHT.repeat(9000).as_bytes(), b"\xff\xfe\xfd"].concat();
    let (done, out) = run(&broken, &[]);
    assert!(!done && out.starts_with(RIGHT) && RIGHT.repeat(9000).starts_with(&out));
}

#[test]
fn one_line_of_many_megabytes_is_no_trouble() {
    let words = RIGHT.trim_end().repeat(20_000);
    assert_eq!(run(words.as_bytes(), &[]), (true, words));
    let letters = "ớ".repeat(1 << 20);
    assert_eq!(run(letters.as_bytes(), &[]), (true, letters));
    // No word is cut in two where a block ends.
    let read = READ.trim_end().to_owned() + " ";
    let fixed = run(read.repeat(9000).as_bytes(), &[]).1;
    assert!(fixed.split("Tổ chức").count() > 8900 && !fixed.contains("chirc"));
}

/// The log of a text that comes block by block is the log of the whole, and holds no more than a block in memory.
#[test]
fn the_log_of_a_long_text_streams() {
    // Several blocks, each of which begins anew to count.
    let (done, log) = run(READ.repeat(1600).as_bytes(), &["--format", "yaml"]);
    let log: serde_yaml::Value = serde_yaml::from_str(&log).expect("YAML");
    let repairs = log["repairs"].as_sequence().expect("a list");
    assert!(done);
    let lines: Vec<u64> = repairs.iter().filter(|r| r["as_read"] == "chirc").map(|r| r["line"].as_u64().expect("a number")).collect();
    assert_eq!(lines, (1..=1600).collect::<Vec<_>>());
    assert_eq!(log["pages"].as_sequence().map(Vec::len), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_however_long_the_text() {
    for options in [&["repair"][..], &["repair", "--format", "yaml"], &["repair", "--format", "diff"]] {
        let mut command = Command::new(PROGRAM);
        let mut child = command.args(options).arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let mut to = child.stdin.take().expect("a pipe");
        for _ in 0..24 {
            to.write_all(RIGHT.repeat(10_000).as_bytes()).expect("it reads");
        }
        // It is still listening: all that it ever held shows.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("Linux tells it").trim();
        let kilobytes: u64 = peak.trim_end_matches(" kB").parse().expect("a number");
        drop(to);
        assert!(child.wait().expect("it ends").success());
        assert!(kilobytes < 120 << 10, "{options:?}: {peak}");
    }
}

/// Vietnamese and English, orders for machines, addresses.
const MIXED: &str = r#"Ủy ban nhân dân xã giao Tổ công nghệ số cài đặt ứng dụng trên máy chủ (server) theo file README.md như sau:
curl -fsSL https://dichvucong.example.vn/api/v1/plans?id=77&lang=vi -o plan.yaml
if (total != sum(rows)) { return Err("cell differs"); } // see issue #12
SELECT ten, so_luong FROM phu_luc WHERE nam = 2026 ORDER BY so_luong DESC;
Mọi ý kiến gửi về hộp thư to.congnghe.so@anlac.example.vn hoặc số điện thoại 0204 3123 456 trước ngày 15/4/2026.
The committee will review the draft report and send feedback by Friday; thank you for your cooperation.
Deadline: 17h00, Workshop "Smart Village 2026", link: www.example.org/smart-village_2026.html#dang-ky
"#;

#[test]
fn english_code_and_addresses_stay_as_they_are() {
    let repairer = repairer();
    for text in MIXED.split_inclusive('\n').chain([MIXED]) {
        assert_eq!(repaired(&repairer, text, Condition::Unknown), text);
    }
    // Between damaged words too; told, and judged.
    let addresses =
        ["to.congnghe.so@anlac.example.vn", "https://dichvucong.example.vn/api/v1/ke-hoach?id=77", "0204 3123 456", "ma_ke_hoach"];
    let text = format!(
        "{READ}Moi y kién giri vé hép thu {} hoac {} trudc ngay 15/4/2026\n{READ}dién thoai {} cua Uy ban nhan dan xa, ghi rd {}\n",
        addresses[0], addresses[1], addresses[2], addresses[3]
    );
    for condition in [Condition::Unknown, Condition::ForeignOcr, Condition::Stripped, Condition::VietnameseOcr] {
        let fixed = repaired(&repairer, &text, condition);
        assert!(addresses.iter().all(|a| fixed.contains(a)), "{fixed}");
        assert!(condition == Condition::VietnameseOcr || fixed.contains("của Ủy ban nhân dân xã"), "{fixed}");
    }
}

/// A plan as an English OCR read it: an abbreviation explained once and damaged twice, a heading's numeral, a number written amiss.
const DAMAGED: &str = "\
UY BAN NHAN DAN\tCQNG HOA XA HQI CHU NGHIA VIET NAM
XA BINH LOC\tDéc lap - Ty do - Hanh phuc
S6: 21/KH-UBND\tBinh L6c, ngay 12 thang 3 nam 2026

KE HOACH
Trién khai céng tac phong, chéng dich bénh nam 2026

Thyc hién Nghi quyét sé 116- -NQ/TU ngay 20/02/2026 cia Ban Thuong vu Tinh uy vé céng tac y té du phong;
UBND xa xay dung Ké hoach trién khai céng tac phong, chéng dich bénh nam 2026 nhu sau:

I. MUC DICH, YEU CAU

1. Nang cao nhan thic cia ngudi dan vé phong, chéng dich bénh trén dia ban x4.

Il. NQI DUNG THYC HIEN

1. Ban Chi dao (BCD) phong, chéng dich bénh cia x4 hop giao ban, bao céo két qua truéc ngay 15/5/2026.

2. BCb x4 phan céng thanh vién phu trach ting thon, x6m, hoan thanh truéc ngay 30/4/2026.

3. Tram Y té tham muu cho BCP x4 ké hoach tiém ching, xong truéc ngay 10/6/2026.
";

#[test]
fn codes_are_mended_with_a_trace_as_far_as_the_facts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, out) = (folder.path().join("plan.txt"), folder.path().join("out"));
    std::fs::write(&plan, DAMAGED).expect("written");
    let done = Command::new(PROGRAM).arg(&plan).arg("--out").arg(&out).output().expect("it starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let written = |name: &str| std::fs::read_to_string(out.join(name)).expect(name);
    let yaml = |name: &str| serde_yaml::from_str::<serde_yaml::Value>(&written(name)).expect("YAML");

    let text = written("repaired.txt");
    for line in ["II. NỘI DUNG THỰC HIỆN", "2. BCĐ xã phân công", "tham mưu cho BCĐ xã", "Nghị quyết số 116- -NQ/TU ngày 20/02/2026"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    let log = yaml("repairs.yaml");
    let edits = log["repairs"].as_sequence().expect("a list");
    for (read, fixed) in [("BCD", "BCĐ"), ("BCb", "BCĐ"), ("BCP", "BCĐ"), ("Il", "II")] {
        let is_it = |e: &&serde_yaml::Value| e["as_read"].as_str().is_some_and(|r| r.trim_end_matches('.') == read);
        let edit = edits.iter().find(is_it).unwrap_or_else(|| panic!("{read} is in the log"));
        assert!(edit["repaired"].as_str().is_some_and(|f| f.trim_end_matches('.') == fixed), "{edit:?}");
    }
    let facts = yaml("plan.yaml");
    assert_eq!(facts["document"]["basis"][0]["number"], "116-NQ/TU");
    let finding = facts["findings"].as_sequence().and_then(|f| f.iter().find(|f| f["id"] == "number-damaged")).expect("a finding");
    assert!(finding["message"].as_str().is_some_and(|m| m.contains("116-NQ/TU")));
    assert!(finding["at"]["as_read"].as_str().is_some_and(|r| r.contains("116- -NQ/TU")), "the line as it stands on the page");
    assert_eq!(facts["tasks"][1]["who"][0], "ban-chi-dao");
}
