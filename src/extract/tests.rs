//! Questions to the extractor as a whole, on plans of our own invention.

use super::*;
use crate::parse::Parser;
use crate::text::{Condition, Source};

const HEAD: &str = "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ BÌNH LỘC\tĐộc lập - Tự do - Hạnh phúc\nSố: 12/KH-UBND\tBình Lộc, ngày 04 tháng 3 năm 2024\n";

fn extract(text: &str) -> Plan {
    let book = RuleBook::embedded();
    let repaired = Repaired::new(Source::of_text("kh.txt", text, Condition::Clean), Vec::new());
    let document = Parser::new(&book).expect("rules").parse(&repaired);
    Extractor::new(&book).expect("rules").extract(&repaired, &document)
}

fn plan(body: &str) -> Plan {
    extract(&format!(
        "{HEAD}KẾ HOẠCH\nTrồng cây năm 2024\n\nThực hiện Kế hoạch số 5/KH-UBND ngày 02/02/2024 của UBND huyện Tân An, UBND xã xây dựng Kế hoạch như sau:\n\n{body}\n\nNơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- Các thôn;\tCHỦ TỊCH\n- Lưu: VT.\tTrần Văn Bình\n"
    ))
}

/// Id, doers and due of every duty, in one line each.
fn told(plan: &Plan) -> Vec<String> {
    let name = |id: &String| plan.actors.iter().find(|a| &a.id == id).map_or_else(|| id.clone(), |a| a.name.clone());
    let line = |t: &Fact<Task>| {
        let who: Vec<String> = t.what.who.iter().map(name).collect();
        format!("{} | {} | {}", t.id, who.join(" + "), t.what.due.as_ref().map_or("", |d| d.says.as_str()))
    };
    plan.tasks.iter().map(line).collect()
}

#[test]
fn a_heading_gives_its_doer_to_what_stands_below() {
    let plan = plan(
        "I. MỤC ĐÍCH\n1. Nâng cao nhận thức trước ngày 01/6/2024.\n\nII. TỔ CHỨC THỰC HIỆN\n1. Công an xã:\n- Tuần tra hằng ngày tại các điểm trồng cây.\n- Báo cáo kết quả về UBND xã (qua Văn phòng xã) trước ngày 15/4/2024. Kiểm tra việc bảo vệ cây.\n2. Giao Trạm Y tế xã phối hợp với các thôn chuẩn bị thuốc, hoàn thành chậm nhất ngày 20/4/2024.",
    );
    assert_eq!(
        told(&plan),
        [
            "II.1-1 | Công an xã | hằng ngày",
            "II.1-2 | Công an xã | trước ngày 15/4/2024",
            "II.1-3 | Công an xã | ",
            "II.2-1 | Trạm Y tế xã | hoàn thành chậm nhất ngày 20/4/2024",
        ]
    );
    assert_eq!(plan.tasks[1].what.kind, TaskKind::Report);
    assert_eq!(plan.tasks[1].what.via.as_deref(), Some("Văn phòng xã"));
    assert_eq!(plan.tasks[1].what.to.len(), 1);
    assert_eq!(plan.tasks[3].what.with.len(), 1);
    assert_eq!(plan.period.as_ref().and_then(|p| p.0.to).map(|d| d.to_string()).as_deref(), Some("2024-12-31"));
}

#[test]
fn lines_below_a_duty_say_who_and_when() {
    let plan = plan(
        "II. NHIỆM VỤ\n1. Tổ chức lễ phát động trồng cây\n- Đơn vị chủ trì: Đoàn Thanh niên xã; Đơn vị phối hợp: Hội Nông dân xã.\n- Thời gian thực hiện: trước ngày 30/4/2024.\n2. Chăm sóc cây\n- Tưới nước cho cây mới trồng.\n- Rào chắn các điểm trồng cây.\nĐơn vị thực hiện: Các thôn.\nThời gian hoàn thành: trong tháng 6/2024.",
    );
    assert_eq!(
        told(&plan),
        [
            "II.1-1 | Đoàn Thanh niên xã | trước ngày 30/4/2024",
            "II.2-1 | Các thôn | trong tháng 6/2024",
            "II.2-2 | Các thôn | trong tháng 6/2024",
        ]
    );
    assert_eq!(plan.tasks[0].what.with.len(), 1);
}

#[test]
fn two_dates_in_a_sentence_are_two_duties() {
    let plan = plan(
        "II. CHẾ ĐỘ BÁO CÁO\n- Các thôn: Cập nhật số liệu hằng ngày, tổng hợp báo cáo UBND xã trước 15h00 ngày Thứ ba hằng tuần.\n- Kết quả được tính đến hết ngày 31/5/2024.",
    );
    let told = told(&plan);
    assert_eq!(told.len(), 3);
    assert!(told[0].starts_with("II-1 | Các thôn | hằng ngày") && told[1].starts_with("II-1b | Các thôn | trước 15h00"));
    assert_eq!(plan.tasks[2].what.kind, TaskKind::Milestone);
}

#[test]
fn the_time_line_of_the_plan_is_its_period_and_no_duty() {
    let plan = plan(
        "I. THỜI GIAN, ĐỊA ĐIỂM\n1. Thời gian tổ chức: Từ ngày 05/4/2024 đến ngày 30/4/2024.\n2. Địa điểm: Các thôn.\n\nII. TỔ CHỨC THỰC HIỆN\n1. Các thôn:\nTrồng cây dọc các tuyến đường.",
    );
    assert_eq!(told(&plan), ["II.1-1 | Các thôn | "]);
    let period = plan.period.expect("a period").0;
    assert_eq!(
        (period.from.map(|d| d.to_string()).as_deref(), period.to.map(|d| d.to_string()).as_deref()),
        (Some("2024-04-05"), Some("2024-04-30"))
    );
}

#[test]
fn what_assigns_nothing_has_no_dated_duties() {
    let law = "QUỐC HỘI\nLUẬT\nTRỒNG RỪNG\nĐiều 1. Ủy ban nhân dân các cấp có trách nhiệm báo cáo trước ngày 31 tháng 12 hằng năm.\nĐiều 2. Luật này có hiệu lực từ ngày 01 tháng 7 năm 2025.";
    assert!(extract(law).tasks.is_empty());
    let letter = format!(
        "{HEAD}V/v trả lời kiến nghị\nKính gửi: Ông Nguyễn Văn An, thôn Đông.\nUBND xã nhận được đơn của ông ngày 10/02/2024 về việc cây đổ.\nUBND xã trả lời để ông được biết./.\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"
    );
    assert!(extract(&letter).tasks.iter().all(|t| t.what.due.is_none()));
}

#[test]
fn a_letter_asks_whom_it_names_and_tells_what_was_done_apart() {
    let letter = format!(
        "{HEAD}V/v cập nhật số liệu\nKính gửi:\n- Các thôn;\n- Trạm Y tế xã.\nNgày 10/02/2024, UBND xã đã chỉ đạo các thôn cập nhật số liệu trước ngày 20/02/2024.\n\
         Để bảo đảm tiến độ, UBND xã yêu cầu các thôn, Trạm Y tế xã thực hiện các nội dung sau:\n1. Rà soát số liệu. Thời gian hoàn thành trước ngày 15/3/2024.\n\
         2. Giao Công an xã đối chiếu dữ liệu; báo cáo UBND xã trước ngày 20/3/2024.\nUBND xã đề nghị các thôn gửi danh sách trước ngày 25/3/2024.\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n"
    );
    assert_eq!(
        told(&extract(&letter)),
        [
            "1-1 | các thôn + Trạm Y tế xã | hoàn thành trước ngày 15/3/2024",
            "2-1 | Công an xã | ",
            "2-1b | Công an xã | trước ngày 20/3/2024",
            "2-2 | các thôn | trước ngày 25/3/2024",
        ]
    );
}

#[test]
fn a_direction_that_names_nobody_is_no_duty_where_work_is_given_out() {
    let plan = plan(
        "I. NHIỆM VỤ, GIẢI PHÁP\n1. Nâng cao hiệu quả trồng cây; đẩy mạnh tuyên truyền.\n2. Tổ chức lễ phát động trong tháng 4/2024.\nII. TỔ CHỨC THỰC HIỆN\n1. Các thôn:\n- Trồng cây; chăm sóc cây; báo cáo kết quả.",
    );
    assert_eq!(told(&plan), ["I.2-1 |  | trong tháng 4/2024", "II.1-1 | Các thôn | "]);
}

#[test]
fn any_text_is_borne() {
    for text in [
        "",
        "KẾ HOẠCH",
        "I. (\n- :\n;",
        "KẾ HOẠCH\nA\nI. TỔ CHỨC THỰC HIỆN\n1. Công an xã:",
        "1. Giao\n2. Đề nghị\n3. Thời gian:",
        "- Giao \u{300}: trước ngày 99/99/9999;;;",
    ] {
        extract(text);
    }
}
