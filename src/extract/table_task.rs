//! Tables of duties (Nội dung | Chủ trì | Phối hợp | Thời gian | Sản phẩm): each row is a duty.

use std::ops::Range;

use super::actor::Actors;
use super::due::{DueContext, DueFound, Dues};
use super::roster::Roster;
use super::task::Tasks;
use super::{Fact, Task};
use crate::calendar::When;
use crate::parse::table::is_blank_mark;
use crate::parse::{Document, Prose, Role, Row, Table};
use crate::repair::Repaired;
use crate::text::{Span, Sure};

/// A duty of a row, its actors still numbers of the roster.
#[derive(Debug)]
pub(super) struct Duty {
    fact: Fact<Task>,
    who: Vec<usize>,
    with: Vec<usize>,
}

/// What rows are read with.
pub(super) struct Rows<'a> {
    pub repaired: &'a Repaired,
    pub actors: &'a Actors,
    pub dues: &'a Dues,
    pub tasks: &'a Tasks,
    pub context: DueContext<'a>,
}

/// The columns after the duty that mean something, in order.
const ASIDE: [Role; 5] = [Role::Lead, Role::With, Role::Time, Role::Product, Role::Note];

impl Rows<'_> {
    /// The duties of all tables of `document`; their actors are made known to `roster`.
    pub fn find(&self, document: &Document, roster: &mut Roster) -> Vec<Duty> {
        let mut duties = Vec::new();
        let tables = document.tables.iter().filter(|t| is_of_duties(t));
        for (n, table) in tables.enumerate() {
            let mut count = 0;
            for row in table.rows.iter().filter(|r| !r.total) {
                let id = if n == 0 { format!("PL.{}", count + 1) } else { format!("PL{}.{}", n + 1, count + 1) };
                if let Some(duty) = self.duty(table, row, id, roster) {
                    count += 1;
                    duties.push(duty);
                }
            }
        }
        duties
    }

    /// What `row` asks for; `None` for a group's name, a form's blank row, a row of nothing but a name.
    fn duty(&self, table: &Table, row: &Row, id: String, roster: &mut Roster) -> Option<Duty> {
        let cells = self.cells(table, row);
        let of = |role: Role| {
            cells.iter().find(|(r, _)| *r == role).map(|(_, at)| Prose::new(self.repaired.text(), *at)).filter(|p| !is_blank_mark(p.text()))
        };
        let (what, lead, with, time) = (of(Role::Task)?, of(Role::Lead), of(Role::With), of(Role::Time));
        let letters = what.text().chars().filter(|c| c.is_alphabetic()).count();
        if letters < 4 || (lead.is_none() && with.is_none() && time.is_none()) {
            return None;
        }
        let due = time.as_ref().and_then(|t| self.due(t.text()));
        let who = lead.as_ref().map(|l| self.names(l, roster)).unwrap_or_default();
        let mut helps = with.as_ref().map(|w| self.names(w, roster)).unwrap_or_default();
        // "Sở Y tế phối hợp Công an tỉnh" in the cell of the lead.
        helps.extend(lead.as_ref().map(|l| self.supporting(l, roster)).unwrap_or_default());
        helps.retain(|w| !who.contains(w));
        let due_at = time.as_ref().map_or(row.at, |t| t.span(0..t.text().len()));
        let sure = due
            .as_ref()
            .map_or(Sure::Certain, |d| d.sure)
            .min(self.repaired.sure(what.span(0..what.text().len())))
            .min(self.repaired.sure(due_at));
        let kind = self.tasks.kind(what.text(), due.as_ref());
        let product = of(Role::Product).map(|p| p.text().to_owned());
        let task = Task {
            kind,
            who: Vec::new(),
            with: Vec::new(),
            product,
            what: what.text().to_owned(),
            to: Vec::new(),
            via: None,
            due: due.map(|d| d.due),
        };
        Some(Duty { fact: Fact { id, what: task, at: row.at, rule: "table-row".into(), sure }, who, with: helps })
    }

    /// The cells of `row` by what their columns are for.
    fn cells(&self, table: &Table, row: &Row) -> Vec<(Role, Span)> {
        let role = |c: usize| table.columns.get(c).map_or(Role::Other, |c| c.role);
        let mut placed: Vec<(Role, Span)> = row.cells.iter().filter_map(|c| Some((role(c.column?), c.at))).collect();
        let open: Vec<Span> = row.cells.iter().filter(|c| c.column.is_none()).map(|c| c.at).collect();
        if !placed.iter().any(|(r, _)| *r == Role::Task) {
            // The column beside the number is the duty, whatever its head says.
            if let Some(first) = placed.iter_mut().find(|(r, _)| *r == Role::Other) {
                first.0 = Role::Task;
            }
        }
        if !open.is_empty() {
            let roles: Vec<Role> = table.columns.iter().map(|c| c.role).filter(|r| ASIDE.contains(r)).collect();
            placed.extend(self.fit(&roles, &open));
        }
        placed
    }

    /// Puts `cells` under `roles` in order, where some cell was lost: each where it fits best by what it says.
    fn fit(&self, roles: &[Role], cells: &[Span]) -> Vec<(Role, Span)> {
        if cells.len() > roles.len() {
            return roles.iter().copied().zip(cells.iter().copied()).collect();
        }
        // best[i][j]: the most that the first i cells can fit with the first j roles.
        let (n, m) = (cells.len(), roles.len());
        let mut best = vec![vec![i32::MIN / 2; m + 1]; n + 1];
        best[0] = vec![0; m + 1];
        for i in 1..=n {
            for j in i..=m {
                best[i][j] = best[i][j - 1].max(best[i - 1][j - 1] + self.fits(roles[j - 1], cells[i - 1]));
            }
        }
        let (mut i, mut j) = (n, m);
        let mut out = Vec::new();
        while i > 0 && j > 0 {
            // Of two places as good the one further left: the lead is never the cell that was lost.
            if j > i && best[i][j - 1] == best[i][j] {
                j -= 1;
                continue;
            }
            out.push((roles[j - 1], cells[i - 1]));
            (i, j) = (i - 1, j - 1);
        }
        out.reverse();
        out
    }

    fn fits(&self, role: Role, cell: Span) -> i32 {
        let words = self.repaired.words(cell);
        let time = self.due(words).is_some();
        let name = !self.actors.listed(words).is_empty();
        match role {
            Role::Time => {
                if time {
                    4
                } else {
                    -3
                }
            }
            Role::Lead | Role::With => {
                if name {
                    3
                } else if time {
                    -4
                } else {
                    0
                }
            }
            _ => {
                if time || name {
                    -1
                } else {
                    1
                }
            }
        }
    }

    /// What a time cell says; a bare year or quarter is enough there.
    fn due(&self, cell: &str) -> Option<DueFound> {
        let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let first = |text: &str| {
            let mut found = self.dues.find(text, &self.context);
            let dated = found.iter().position(|d| !matches!(d.due.when, When::None { .. })).unwrap_or(0);
            (!found.is_empty()).then(|| found.swap_remove(dated))
        };
        if let Some(due) = first(&cell) {
            return Some(due);
        }
        let mut due = first(&format!("thời gian hoàn thành: năm {cell}")).or_else(|| first(&format!("hoàn thành trong {cell}")))?;
        due.due.says.clone_from(&cell);
        Some(due)
    }

    /// Who helps by the words of the cell that names the lead.
    fn supporting(&self, cell: &Prose, roster: &mut Roster) -> Vec<usize> {
        let names = self.actors.supporting(cell.text());
        names.into_iter().filter_map(|n| roster.meet(&self.actors.bodies, &cell.text()[n.clone()], cell.span(n))).collect()
    }

    /// The bodies of a cell; where it names none that is known, each of its parts is one.
    fn names(&self, cell: &Prose, roster: &mut Roster) -> Vec<usize> {
        let text = cell.text();
        let mut out = Vec::new();
        let mut meet = |range: Range<usize>| {
            let who = roster.meet(&self.actors.bodies, &text[range.clone()], cell.span(range));
            out.extend(who.filter(|w| !out.contains(w)));
        };
        let mut start = 0;
        for part in text.split(';') {
            let from = start + (part.len() - part.trim_start_matches([' ', '-', '+']).len());
            let words = text[from..start + part.len()].trim_end();
            start += part.len() + 1;
            let listed = self.actors.listed(words);
            if listed.is_empty() && words.chars().filter(|c| c.is_alphabetic()).count() > 1 {
                meet(from..from + words.len());
            }
            listed.into_iter().for_each(|n| meet(n.start + from..n.end + from));
        }
        out
    }
}

/// True for a table that says what, and who or when.
fn is_of_duties(table: &Table) -> bool {
    let has = |role: Role| table.columns.iter().any(|c| c.role == role);
    (has(Role::Lead) && (has(Role::Task) || has(Role::Time) || has(Role::With))) || (has(Role::Task) && has(Role::Time))
}

/// The duties as facts, ids in the place of numbers.
pub(super) fn facts(duties: Vec<Duty>, ids: &[String]) -> Vec<Fact<Task>> {
    let names = |numbers: &[usize]| {
        let mut out: Vec<String> = Vec::new();
        numbers.iter().for_each(|n| {
            if !out.contains(&ids[*n]) {
                out.push(ids[*n].clone());
            }
        });
        out
    };
    let fact = |mut d: Duty| {
        d.fact.what.who = names(&d.who);
        d.fact.what.with = names(&d.with).into_iter().filter(|w| !d.fact.what.who.contains(w)).collect();
        d.fact
    };
    duties.into_iter().map(fact).collect()
}

#[cfg(test)]
mod tests {
    use crate::extract::Extractor;
    use crate::parse::Parser;
    use crate::repair::Repaired;
    use crate::rules::RuleBook;
    use crate::text::{Condition, Source};

    fn plan(table: &str) -> (Vec<String>, Vec<crate::extract::Fact<crate::extract::Task>>) {
        let text = format!(
            "Số: 12/KH-UBND   An Lạc, ngày 03 tháng 3 năm 2026\nKẾ HOẠCH\nTrồng cây\n\nI. TỔ CHỨC THỰC HIỆN\n1. Các thôn: Trồng cây.\n\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n{table}\n"
        );
        let repaired = Repaired::new(Source::of_text("kh.txt", &text, Condition::Clean), Vec::new());
        let book = RuleBook::embedded();
        let document = Parser::new(&book).expect("rules").parse(&repaired);
        let plan = Extractor::new(&book).expect("rules").extract(&repaired, &document);
        let tasks: Vec<_> = plan.tasks.into_iter().filter(|t| t.rule == "table-row").collect();
        let name = |id: &String| plan.actors.iter().find(|a| a.id == *id).map_or("?", |a| a.name.as_str()).to_owned();
        let shown = tasks.iter().map(|t| {
            let due = t.what.due.as_ref().map_or("-", |d| d.says.as_str());
            let list = |ids: &[String]| ids.iter().map(name).collect::<Vec<_>>().join("+");
            format!(
                "{} {} / {} / {} / {due} / {}",
                t.id,
                t.what.what,
                list(&t.what.who),
                list(&t.what.with),
                t.what.product.as_deref().unwrap_or("-")
            )
        });
        (shown.collect(), tasks)
    }

    #[test]
    fn rows_with_walls_are_duties() {
        let (shown, _) = plan(
            "STT\tNội dung công việc\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian hoàn thành\tSản phẩm\n(1)\t(2)\t(3)\t(4)\t(5)\t(6)\nI\tVỀ CÂY GIỐNG\t\t\t\t\n\
             1\tMua cây giống\tPhòng Kinh tế\tCác thôn; Hội Nông dân xã\tTháng 4/2026\tHợp đồng\n2\tTập huấn cách trồng\tHội Nông dân xã\t\tThường xuyên\t\n",
        );
        assert_eq!(
            shown,
            [
                "PL.1 Mua cây giống / Phòng Kinh tế / Các thôn+Hội Nông dân xã / Tháng 4/2026 / Hợp đồng",
                "PL.2 Tập huấn cách trồng / Hội Nông dân xã /  / Thường xuyên / -",
            ]
        );
    }

    #[test]
    fn a_lost_cell_leaves_the_others_in_their_places() {
        let (shown, _) = plan(
            "STT | Tên nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành | I. VỀ CÂY GIỐNG | 1 | Mua cây giống | Phòng Kinh tế | Các thôn | Quí II-2026 | \
             2 | Tập huấn cách trồng | Hội Nông dân xã | 2026 | 3 | Nghiệm thu cây trồng | Phòng Kinh tế | Các thôn | Hằng năm",
        );
        assert_eq!(
            shown,
            [
                "PL.1 Mua cây giống / Phòng Kinh tế / Các thôn / Quí II-2026 / -",
                "PL.2 Tập huấn cách trồng / Hội Nông dân xã /  / 2026 / -",
                "PL.3 Nghiệm thu cây trồng / Phòng Kinh tế / Các thôn / Hằng năm / -",
            ]
        );
    }

    #[test]
    fn forms_and_figures_are_no_duties() {
        let (form, _) = plan("TT | Tên nhiệm vụ | Vai trò (Chủ trì/ Phối hợp) | Tiến độ (Vượt/ Đạt/ Chậm) | Ghi chú\n| | | |\n| | | |\n");
        assert!(form.is_empty(), "{form:?}");
        let (figures, _) = plan("STT\tThôn\tChỉ tiêu\n1\tThôn Thượng\t50\n2\tThôn Hạ\t40\n");
        assert!(figures.is_empty(), "{figures:?}");
    }
}
