//! Plans of our own invention: the small one of the fixtures, one of many tasks, and one made of any words.

use std::path::Path;

use plan_ingest::render::reading::PictureRecord;
use plan_ingest::render::{Folder, Reading, Report};

/// The plan of the fixtures.
pub fn small() -> (Report, Reading) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan");
    let folder = Folder::open(dir).expect("a folder");
    (folder.report, folder.reading)
}

/// Gives every page of `reading` a picture of 100 × 140 dots whose lines are 10 dots high and fall by a tenth.
pub fn scanned(reading: &mut Reading) {
    let mut png = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(100, 140, image::Luma([255])).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    let lines: Vec<String> = (0..12).map(|n| format!("{}-{}", n * 10, n * 10 + 10)).collect();
    for (nth, page) in reading.log.pages.iter_mut().enumerate() {
        let path = format!("pages/{nth}.png");
        reading.pictures.insert(path.clone(), png.get_ref().clone());
        let (width, height) = (100, 140);
        page.picture = Some(PictureRecord { path, width, height, slope: 0.1, lines: lines.join(" ") });
    }
}

/// A plan of `count` tasks, each on lines of its own on pages of forty lines.
pub fn large(count: usize) -> (Report, Reading) {
    let (mut report, mut reading) = small();
    let (tasks, page) = (report.tasks.clone(), reading.log.pages[0].clone());
    report.tasks.clear();
    reading.log.pages.clear();
    reading.log.repairs.clear();
    reading.text.clear();
    for n in 0..count {
        let mut task = tasks[n % tasks.len()].clone();
        task.id = format!("IV.{}-1", n + 1);
        task.what = format!("{} lần thứ {}", task.what, n + 1);
        let (on, line) = (n / 40 + 1, u32::try_from(n % 40 + 1).expect("small"));
        task.at.page = Some(u32::try_from(on).expect("small"));
        task.at.lines = [line, line];
        task.at.quote = format!("{}. {}", n + 1, task.at.quote);
        if line == 1 {
            let mut page = page.clone();
            page.page = task.at.page;
            reading.log.pages.push(page);
            if on > 1 {
                reading.text.push('\u{c}');
            }
        } else {
            reading.text.push('\n');
        }
        reading.text.push_str(&task.at.quote);
        report.tasks.push(task);
    }
    (report, reading)
}

/// The plan of the fixtures with `words` in every place that a document fills.
pub fn of_words(words: &str) -> (Report, Reading) {
    let (mut report, mut reading) = small();
    let w = || words.to_owned();
    report.document.title = Some(w());
    report.document.number = Some(w());
    report.source[0].file = w();
    for actor in &mut report.actors {
        actor.name = w();
    }
    for task in &mut report.tasks {
        (task.what, task.product, task.via, task.at.quote, task.at.as_read) = (w(), Some(w()), Some(w()), w(), Some(w()));
        task.sure = plan_ingest::text::Sure::Doubtful;
    }
    for quota in &mut report.quotas {
        (quota.what, quota.unit, quota.against, quota.at.quote) = (w(), w(), Some(w()), w());
    }
    for finding in &mut report.findings {
        finding.message = w();
    }
    report.annexes[0].rows[0].label = w();
    report.annexes[0].rows[0].cells[0] = plan_ingest::extract::Figure::Words(w());
    reading.text = reading.text.replace("Các tổ dân phố", words);
    for page in &mut reading.log.pages {
        page.file = w();
    }
    for repair in &mut reading.log.repairs {
        (repair.as_read, repair.others) = (w(), vec![w()]);
    }
    (report, reading)
}
