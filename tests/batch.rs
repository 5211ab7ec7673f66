//! An archive comes to the same store whatever happens on the way: kill, full disk, an output that can't be written, shards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_plan-ingest");

/// A small plan, invented; `nth` makes it one of its own.
fn plan(nth: usize) -> String {
    format!(
        "ỦY BAN NHÂN DÂN\nXÃ ĐỒNG MÃN\nSố: {nth}/KH-UBND\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
         Đồng Mãn, ngày {:02} tháng 3 năm {}\nKẾ HOẠCH\nVệ sinh môi trường đợt {nth}\n\nI. NHIỆM VỤ\n\
         1. Trạm Y tế xã báo cáo kết quả phun thuốc về Ủy ban nhân dân xã trước ngày {:02}/5/2025.\n\
         2. Các trường học tổng vệ sinh, phấn đấu ít nhất {} lớp tham gia, xong trước ngày 30/6/2025.\n\n\
         Nơi nhận:\n- Như trên;\n- Lưu: VT.\n",
        nth % 27 + 1,
        2024 + nth % 2,
        nth % 27 + 1,
        nth + 3,
    )
}

/// An archive of `count` plans, one damaged file among them, under a folder called `kho`.
fn archive(dir: &Path, count: usize) -> PathBuf {
    let root = dir.join("kho");
    for nth in 1..=count {
        let folder = root.join(format!("thang {}", nth % 3 + 1));
        fs::create_dir_all(&folder).expect("makes");
        fs::write(folder.join(format!("ke hoach {nth}.txt")), plan(nth)).expect("writes");
    }
    fs::write(root.join("hong.pdf"), b"%PDF-1.4\nnothing of the kind").expect("writes");
    root
}

fn batch(root: &Path, store: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("batch").arg(root).arg("--out").arg(store).args(["--ocr", "never", "--today", "2025-03-01", "--lang", "en"]).args(more);
    command
}

fn run(root: &Path, store: &Path, more: &[&str]) -> Output {
    batch(root, store, more).output().expect("it starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Every file of a store but the journal, byte for byte.
fn shown(store: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![store.to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).expect("reads").map(|e| e.expect("an entry").path()) {
            let name = path.strip_prefix(store).expect("inside").to_string_lossy().replace('\\', "/");
            if path.is_dir() && name != "journal" {
                assert!(!name.contains(".plan-ingest-"), "{name} was left behind");
                open.push(path);
            } else if path.is_file() {
                found.insert(name, fs::read(&path).expect("reads"));
            }
        }
    }
    found
}

fn same(store: &Path, whole: &BTreeMap<String, Vec<u8>>) {
    let found = shown(store);
    assert_eq!(found.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    for (name, bytes) in whole {
        // A workbook and a Word file carry the moment of their making nowhere: they are compared as everything else.
        assert!(found[name] == *bytes, "{name} differs");
    }
}

#[test]
fn what_is_done_is_not_done_again_and_what_changed_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let (root, store) = (archive(dir.path(), 4), dir.path().join("store"));
    let first = run(&root, &store, &["--facts-only"]);
    assert_eq!(first.status.code(), Some(2), "a damaged file is exit 2: {}", said(&first));
    assert!(said(&first).contains("4 plans, 1 failed; met 5 this time, 0 of them done before"), "{}", said(&first));
    let (whole, journal) = (shown(&store), fs::read(store.join("journal/1-of-1.sqlite")).expect("reads"));
    let again = run(&root, &store, &["--facts-only"]);
    assert!(said(&again).contains("met 5 this time, 5 of them done before"), "{}", said(&again));
    same(&store, &whole);
    assert!(journal == fs::read(store.join("journal/1-of-1.sqlite")).expect("reads"), "the journal too is as it was");
    // Changed, gone, new; and an output that somebody threw away.
    fs::write(root.join("thang 2/ke hoach 1.txt"), plan(51)).expect("writes");
    fs::remove_file(root.join("thang 3/ke hoach 2.txt")).expect("removes");
    fs::write(root.join("thang 3/ke hoach 9.txt"), plan(9)).expect("writes");
    fs::remove_file(store.join("plans/kho/thang 1/ke hoach 3.txt.plan/plan.yaml")).expect("removes");
    let changed = run(&root, &store, &["--facts-only"]);
    assert!(said(&changed).contains("4 plans, 1 failed; met 5 this time, 2 of them done before"), "{}", said(&changed));
    let plans = String::from_utf8(shown(&store)["lines/plans.jsonl"].clone()).expect("UTF-8");
    assert!(plans.contains("51/KH-UBND") && plans.contains("9/KH-UBND") && !plans.contains("\"2/KH-UBND"), "{plans}");
    assert!(store.join("plans/kho/thang 1/ke hoach 3.txt.plan/plan.yaml").is_file());
    // Nothing of the failure is hidden.
    let failures = fs::read_to_string(store.join("failures.tsv")).expect("reads");
    assert!(failures.lines().nth(1).is_some_and(|l| l.starts_with("kho/hong.pdf\tkho/hong.pdf\tdamaged\t")), "{failures}");
    assert!(fs::read_to_string(store.join("report.html")).expect("reads").contains("kho/hong.pdf"));
}

/// Numbers between 0 and 1, the same for the same seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
}

/// True while the dataset of `store` is being written.
fn is_writing(store: &Path) -> bool {
    let mut entries = fs::read_dir(store).into_iter().flatten().flatten();
    entries.any(|e| e.file_name().to_string_lossy().starts_with(".plan-ingest-"))
}

/// Throws part of a store away, so that there is something to do again.
fn spoil(store: &Path) {
    for month in fs::read_dir(store.join("plans/kho")).into_iter().flatten().flatten() {
        for plan in fs::read_dir(month.path()).into_iter().flatten().flatten().step_by(2) {
            // What lies there may be a file, or half a folder; the run is to mend that.
            let _ = fs::remove_file(plan.path().join("plan.yaml"));
        }
    }
    let _ = fs::remove_dir_all(store.join("dataset"));
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = archive(dir.path(), 12);
    let began = Instant::now();
    run(&root, &dir.path().join("whole"), &["--jobs", "2"]);
    let lasted = began.elapsed();
    let whole = shown(&dir.path().join("whole"));
    assert!(whole.len() > 100, "all outputs of all plans");
    let store = dir.path().join("store");
    // Any ten moments will do; these are drawn from the clock, and told when something is wrong.
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    let (mut draw, mut killed) = (Draw(seed | 1), 0);
    for _ in 0..200 {
        let mut child = batch(&root, &store, &["--jobs", "2"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Seven while plans are read, three while the dataset is written.
        let moment = if killed % 3 == 2 {
            while !is_writing(&store) && child.try_wait().expect("asks").is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Duration::from_millis(40).mul_f64(draw.next())
        } else {
            lasted.mul_f64(draw.next() / 2.0)
        };
        std::thread::sleep(moment);
        if child.try_wait().expect("asks").is_some() {
            spoil(&store);
            continue;
        }
        child.kill().expect("kills");
        killed += usize::from(is_killed(child.wait().expect("ends")));
        if killed == 10 {
            break;
        }
    }
    assert_eq!(killed, 10, "seed {seed}");
    let last = run(&root, &store, &["--jobs", "2"]);
    assert_eq!(last.status.code(), Some(2), "seed {seed}: {}", said(&last));
    same(&store, &whole);
}

#[cfg(unix)]
fn is_killed(status: std::process::ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

#[cfg(not(unix))]
fn is_killed(status: std::process::ExitStatus) -> bool {
    // Nothing of ours ends so by itself: 0, 2 and 64 do.
    status.code() == Some(1)
}

#[test]
#[cfg(target_os = "linux")]
fn what_takes_its_place_is_on_the_disk_and_the_journal_comes_last() {
    let dir = tempfile::tempdir().expect("a folder");
    let (root, store, log) = (archive(dir.path(), 2), dir.path().join("store"), dir.path().join("log"));
    let command = batch(&root, &store, &["--facts-only", "--jobs", "1"]);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-qq", "-s", "4096", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-e", "signal=none", "-o"]);
    // Where calls can't be watched the other tests stand alone.
    let Ok(_) = strace.arg(&log).arg(command.get_program()).args(command.get_args()).output() else { return };
    let Some(log) = fs::read_to_string(log).ok().filter(|log| log.contains("fsync(")) else { return };
    let (mut synced, mut moves) = (Vec::new(), 0);
    let (mut plans, mut journalled) = (Vec::new(), 0);
    for (nth, line) in log.lines().enumerate() {
        if let Some((_, path)) = line.split_once("sync(").and_then(|(_, rest)| rest.split_once('<')) {
            let path = path.split('>').next().unwrap_or_default();
            if path.ends_with("1-of-1.sqlite") {
                journalled = nth;
            }
            synced.push(path.to_owned());
        } else if let Some((from, rest)) = line.split_once("rename").and_then(|(_, rest)| rest.split_once('"')?.1.split_once('"')) {
            let to = rest.split('"').nth(1).expect("where it goes");
            let is_new = from.contains(".plan-ingest-") && !to.contains(".plan-ingest-") || to.ends_with("/written");
            assert!(!is_new || synced.iter().any(|s| s == from), "{from} was moved before it was on the disk");
            moves += usize::from(is_new);
            if to.ends_with("/plan.yaml") {
                plans.push((nth, Path::new(to).parent().expect("a folder").to_string_lossy().into_owned()));
            }
        }
    }
    assert!(moves > 8 && plans.len() == 2, "{log}");
    for (moved, folder) in plans {
        let known = log.lines().skip(moved).position(|l| l.contains("sync(") && l.contains(&format!("<{folder}>"))).expect("the folder");
        assert!(moved + known < journalled, "journalled before its folder was on the disk: {log}");
    }
}

#[test]
fn an_output_that_cannot_be_written_stops_the_run_and_spoils_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = archive(dir.path(), 3);
    run(&root, &dir.path().join("whole"), &[]);
    let store = dir.path().join("store");
    fs::create_dir_all(&store).expect("makes");
    fs::write(store.join("plans"), "a file where a folder should be").expect("writes");
    let stopped = run(&root, &store, &[]);
    assert_eq!(stopped.status.code(), Some(2));
    assert!(said(&stopped).contains("plans"), "the place is named: {}", said(&stopped));
    assert!(!store.join("dataset").exists());
    fs::remove_file(store.join("plans")).expect("removes");
    run(&root, &store, &[]);
    same(&store, &shown(&dir.path().join("whole")));
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_grow_stops_the_run_and_spoils_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = archive(dir.path(), 6);
    run(&root, &dir.path().join("whole"), &["--facts-only"]);
    let store = dir.path().join("store");
    // Writing past the limit is an error like that of a full disk, once the signal for it is ignored. The higher it is, the later the stop.
    let mut stopped_at = std::collections::BTreeSet::new();
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 96, 128, 160, 192, 224, 256, 320] {
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let command = batch(&root, &store, &["--facts-only"]);
        let output = Command::new("sh").args(["-c", &line, "sh"]).arg(command.get_program()).args(command.get_args()).output();
        let (output, place) = (output.expect("it starts"), format!("{}/", store.display()));
        assert_eq!(output.status.code(), Some(2));
        let told = said(&output);
        let names = told.split(&place).skip(1).filter_map(|rest| rest.split(['/', '”', ':']).next()).map(str::to_owned);
        stopped_at.extend(names.filter(|_| told.contains("can't be written")));
    }
    assert!(stopped_at.contains("journal") && stopped_at.len() > 1, "at the journal and behind it: {stopped_at:?}");
    run(&root, &store, &["--facts-only"]);
    same(&store, &shown(&dir.path().join("whole")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_stops_the_run_and_spoils_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = archive(dir.path(), 6);
    run(&root, &dir.path().join("whole"), &[]);
    let (small, kept) = (dir.path().join("small"), dir.path().join("kept"));
    fs::create_dir_all(&small).expect("makes");
    // A file system of our own, in a name space of our own: full at first, then given room.
    let script = "
        mount -t tmpfs -o size=600k none \"$1\" || exit 77
        shift_out=$2; small=$1; shift 2
        \"$@\"; first=$?
        for size in 900k 1500k; do mount -o remount,size=$size \"$small\"; \"$@\"; done
        mount -o remount,size=200m \"$small\"
        \"$@\"
        cp -r \"$small/store\" \"$shift_out\"
        exit $first";
    let command = batch(&root, &small.join("store"), &["--quiet"]);
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--mount", "sh", "-c", script, "sh"]).arg(&small).arg(&kept);
    let output = match unshare.arg(command.get_program()).args(command.get_args()).output() {
        Ok(output) if kept.exists() => output,
        // No name spaces here: the test before this one stands for it.
        _ => return,
    };
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("small/store"), "{}", said(&output));
    same(&kept, &shown(&dir.path().join("whole")));
}

#[test]
fn shards_come_to_the_same_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = archive(dir.path(), 5);
    run(&root, &dir.path().join("whole"), &["--facts-only"]);
    let store = dir.path().join("store");
    for shard in ["2/3", "1/3", "3/3"] {
        run(&root, &store, &["--facts-only", "--shard", shard]);
    }
    same(&store, &shown(&dir.path().join("whole")));
    let other = run(&root, &store, &["--facts-only"]);
    assert_eq!(other.status.code(), Some(64), "a store keeps its number of shards: {}", said(&other));
}

#[test]
fn only_one_run_at_a_time_works_in_a_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let (root, store) = (archive(dir.path(), 3), dir.path().join("store"));
    let mut first = batch(&root, &store, &["--facts-only"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !store.join("journal/1-of-1.hold").exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = run(&root, &store, &["--facts-only"]);
    let over = first.try_wait().expect("asks").is_some();
    first.wait().expect("ends");
    assert!(over || second.status.code() == Some(64), "{}", said(&second));
}
