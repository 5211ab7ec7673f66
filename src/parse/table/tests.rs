use super::*;
use crate::parse::{Role, Row};
use crate::text::{Condition, Source};

fn read(text: &str) -> (Repaired, Vec<Table>) {
    let repaired = Repaired::new(Source::of_text("kh.txt", text, Condition::Unknown), Vec::new());
    let tables = Tables::new(&RuleBook::embedded()).expect("the embedded rules").find(&repaired);
    (repaired, tables)
}

fn words<'a>(repaired: &'a Repaired, row: &Row) -> Vec<&'a str> {
    row.cells.iter().map(|c| repaired.words(c.at)).collect()
}

#[test]
fn rows_with_walls_and_a_head_over_two_columns() {
    let text = "PHỤ LỤC 02\nGIAO CHỈ TIÊU TRỒNG CÂY XANH\n(Kèm theo Kế hoạch số 9/KH-UBND ngày 02/3/2026)\nSTT\tThôn\tDiện tích\tChỉ tiêu\t\n\t\t\tđợt 1\tđợt 2\n\
                1\tThôn Thượng\t2,5\t30\t20\n2\tThôn Hạ\t1\t\t15\n\tTổng cộng\t3,5\t30\t35\n\nHết.";
    let (repaired, tables) = read(text);
    assert_eq!(tables.len(), 1);
    let table = &tables[0];
    assert_eq!(table.title.map(|t| repaired.words(t)), Some("GIAO CHỈ TIÊU TRỒNG CÂY XANH"));
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["STT", "Thôn", "Diện tích", "Chỉ tiêu đợt 1", "Chỉ tiêu đợt 2"]);
    assert_eq!(table.rows.len(), 3);
    assert_eq!(words(&repaired, &table.rows[1]), ["2", "Thôn Hạ", "1", "", "15"]);
    assert_eq!(table.rows.iter().map(|r| r.total).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_table_flattened_into_one_line() {
    let text = "Phụ lục\nDANH MỤC NHIỆM VỤ CHỦ YẾU\nSTT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian | (1) | (2) | (3) | (4) | (5) | I. VỀ CON NGƯỜI | \
                1 | Mở lớp học | Phòng Văn hóa | Các thôn; các trường | Quý I/2026 | 2 | Thi tay nghề | Phòng Nội vụ | Thường xuyên | II. VỀ VẬT CHẤT | 3 | Mua máy | Văn phòng | Phòng Tài chính | 2026";
    let (repaired, tables) = read(text);
    assert_eq!(tables.len(), 1);
    let table = &tables[0];
    let roles: Vec<Role> = table.columns.iter().map(|c| c.role).collect();
    assert_eq!(roles, [Role::Number, Role::Task, Role::Lead, Role::With, Role::Time]);
    assert_eq!(table.rows.len(), 5);
    assert_eq!(words(&repaired, &table.rows[0]), ["I. VỀ CON NGƯỜI"]);
    assert_eq!(words(&repaired, &table.rows[2]), ["2", "Thi tay nghề", "Phòng Nội vụ", "Thường xuyên"]);
    assert_eq!(table.rows[2].cells[3].column, None, "a lost cell leaves the columns after it open");
    assert_eq!(table.rows[4].cells[4].column, Some(4));
}

#[test]
fn rows_without_walls_and_heads_that_the_document_helps_to_read() {
    let text = "Xã vận động trồng cây phân tán, chỉ tiêu trồng cây giao các thôn; số hộ đã đăng ký.\n\nPhụ lục 01\nGIAO CHỈ TIÊU TRỒNG CÂY\n\n\
                Thôn Số hộ đã Chỉ tiêu trồng\nSTT đăng ký cây giao\n1 | Thôn Thượng 12 30\n2 | Thôn Trung 1 8 15\n3 | Thôn Trung 2 9 !\n\nTổng cộng 29 60\n";
    let (repaired, tables) = read(text);
    assert_eq!(tables.len(), 1);
    let table = &tables[0];
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["STT", "", "Số hộ đã đăng ký", "Chỉ tiêu trồng cây giao"]);
    assert_eq!(words(&repaired, &table.rows[2]), ["3", "Thôn Trung", "2", "9", "!"]);
    assert!(table.rows[3].total);
}

#[test]
fn letters_lists_and_signatures_are_no_tables() {
    for text in [
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ LONG BIÊN\tĐộc lập - Tự do - Hạnh phúc\n\nKẾ HOẠCH",
        "Nơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- Như trên;\tKT. CHỦ TỊCH\n- Lưu: VT.\tPHÓ CHỦ TỊCH",
        "1. Họp ngày 25/4/2024\n2. Họp năm 2024\n3. Báo cáo trước 15 giờ 30\n4. Xong",
        "ỦY BAN | CỘNG HÒA | Số: 1/KH | ngày 2 | a | b | c | d | e",
        "",
    ] {
        assert!(read(text).1.is_empty(), "{text}");
    }
}
