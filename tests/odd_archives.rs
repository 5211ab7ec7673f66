//! Archives as people leave them: whatever lies in one is a plan, an annex of one or a row among the failures, and nothing goes astray.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A small plan, invented, with the number `nth`.
fn plan(nth: usize) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÃN\nSố: {nth}/KH-UBND\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
         Đồng Mãn, ngày 05 tháng 3 năm 2025\nKẾ HOẠCH\nVệ sinh môi trường đợt {nth}\n\nI. NHIỆM VỤ\n\
         1. Trạm Y tế xã báo cáo kết quả phun thuốc về Ủy ban nhân dân xã trước ngày 20/5/2025.\n\nNơi nhận:\n- Lưu: VT.\n"
    )
}

/// An annex that says whose it is.
fn annex(of: usize) -> String {
    format!(
        "PHỤ LỤC\n(Kèm theo Kế hoạch số {of}/KH-UBND ngày 05/3/2025 của UBND xã Đồng Mãn)\nTT\tThôn\tSố lớp\n1\tThôn Đông\t5\n2\tThôn Đoài\t7\n"
    )
}

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
    fs::write(path, text).expect("writes");
}

fn batch(roots: &[&Path], store: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
    command.arg("batch").args(roots).arg("--out").arg(store).args(["--facts-only", "--ocr", "never", "--lang", "en"]);
    command.output().expect("it starts")
}

fn lines(store: &Path, table: &str) -> Vec<Value> {
    let text = fs::read_to_string(store.join(format!("lines/{table}.jsonl"))).expect("reads");
    text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

/// Every bundle with its files.
fn plans(store: &Path) -> BTreeMap<String, Vec<String>> {
    let text = |v: &Value| v.as_str().expect("words").to_owned();
    let files = |row: &Value| row["files"].as_array().expect("files").iter().map(text).collect();
    lines(store, "plans").iter().map(|row| (text(&row["bundle"]), files(row))).collect()
}

/// Every failure with its kind.
fn failures(store: &Path) -> BTreeMap<String, String> {
    let text = |v: &Value| v.as_str().expect("words").to_owned();
    lines(store, "failures").iter().map(|row| (text(&row["bundle"]), text(&row["kind"]))).collect()
}

#[test]
fn annexes_find_their_plans() {
    let dir = tempfile::tempdir().expect("a folder");
    let (first, second, store) = (dir.path().join("kho"), dir.path().join("kho cũ"), dir.path().join("store"));
    // Names as another system writes them, each mark a letter of its own.
    let apart = "Phu\u{323} lu\u{323}c";
    put(&first, "a/ke\u{302}\u{301} hoa\u{323}ch.txt", &plan(11));
    put(&first, &format!("a/{apart}/so lieu.txt"), &annex(11));
    put(&first, "b/vệ sinh.txt", &plan(12));
    put(&first, "b/phòng dịch.txt", &plan(13));
    put(&first, "b/Phụ lục.txt", &annex(12));
    // The folder of annexes of two plans; one that no plan of the folder owns.
    put(&first, "c/quý một.txt", &plan(14));
    put(&first, "c/quý hai.txt", &plan(15));
    put(&first, "c/Phụ lục/bảng.txt", &annex(15));
    put(&first, "c/Phụ lục/bảng lạc.txt", &annex(99));
    // The same names under another root are other plans.
    put(&second, "b/vệ sinh.txt", &plan(16));
    let output = batch(&[&first, &second], &store);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told = plans(&store);
    let expected = BTreeMap::from(
        [
            vec!["kho/a/ke\u{302}\u{301} hoa\u{323}ch.txt".to_owned(), format!("kho/a/{apart}/so lieu.txt")],
            vec!["kho/b/vệ sinh.txt".to_owned(), "kho/b/Phụ lục.txt".to_owned()],
            vec!["kho/b/phòng dịch.txt".to_owned()],
            vec!["kho/c/quý một.txt".to_owned()],
            vec!["kho/c/quý hai.txt".to_owned(), "kho/c/Phụ lục/bảng.txt".to_owned()],
            vec!["kho/c/Phụ lục/bảng lạc.txt".to_owned()],
            vec!["kho cũ/b/vệ sinh.txt".to_owned()],
        ]
        .map(|files| (files[0].clone(), files)),
    );
    assert_eq!(told, expected);
    // Two folders of one name could not be told apart.
    let twin = dir.path().join("khac/kho");
    fs::create_dir_all(&twin).expect("makes");
    assert_eq!(batch(&[&first, &twin], &dir.path().join("other")).status.code(), Some(64));
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_goes_astray() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let (root, store) = (dir.path().join("kho"), dir.path().join("store"));
    put(&root, "a/kế hoạch.txt", &plan(11));
    put(&root, "a/rỗng.txt", "");
    put(&root, "a/ghi âm.mp3", "no plan");
    put(&root, "a/không đuôi", "no plan");
    fs::create_dir_all(root.join("trống/trống nữa")).expect("makes");
    // A loop, a link to a file, a link to nothing.
    symlink(&root, root.join("a/vòng")).expect("links");
    symlink(root.join("a/kế hoạch.txt"), root.join("bản liên kết.txt")).expect("links");
    symlink(root.join("đã mất.txt"), root.join("liên kết hỏng.txt")).expect("links");
    // Names of an old Windows, a file and a folder; and one that is called by the letters of an escape.
    let unnamed = |bytes: &[u8]| std::ffi::OsStr::from_bytes(bytes).to_owned();
    fs::write(root.join(unnamed(b"k\xea ho\xe1ch.txt")), plan(12)).expect("writes");
    fs::create_dir(root.join(unnamed(b"n\xe3m 2025"))).expect("makes");
    fs::write(root.join(unnamed(b"n\xe3m 2025")).join("kh.txt"), plan(13)).expect("writes");
    put(&root, "k\\xEA ho\\xE1ch.txt", &plan(14));
    let output = batch(&[&root], &store);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let done: BTreeSet<String> = plans(&store).into_keys().collect();
    assert_eq!(done, BTreeSet::from(["kho/a/kế hoạch.txt", "kho/bản liên kết.txt", "kho/k\\xEA ho\\xE1ch.txt"].map(str::to_owned)));
    let failed = [
        ("kho/a/rỗng.txt", "empty"),
        ("kho/liên kết hỏng.txt", "not-found"),
        ("kho/k\\xEA ho\\xE1ch.txt\u{fffd}", "bad-name"),
        ("kho/n\\xE3m 2025", "bad-name"),
    ];
    assert_eq!(failures(&store), BTreeMap::from(failed.map(|(bundle, kind)| (bundle.to_owned(), kind.to_owned()))));
    let page = fs::read_to_string(store.join("report.html")).expect("reads");
    assert!(page.contains("tên không phải là chữ Unicode"), "{page}");
    // A failure that is tried again and comes to the same changes nothing.
    let (dataset, journal) = (store.join("journal/written"), store.join("journal/1-of-1.sqlite"));
    let before = (fs::metadata(&dataset).expect("there").modified().expect("a time"), fs::read(&journal).expect("reads"));
    assert_eq!(batch(&[&root], &store).status.code(), Some(2));
    assert!(before == (fs::metadata(&dataset).expect("there").modified().expect("a time"), fs::read(&journal).expect("reads")));
    // Once it has a name that can be told, it is read.
    fs::rename(root.join(unnamed(b"n\xe3m 2025")), root.join("năm 2025")).expect("renames");
    batch(&[&root], &store);
    assert!(plans(&store).contains_key("kho/năm 2025/kh.txt") && !failures(&store).contains_key("kho/n\\xE3m 2025"));
}
