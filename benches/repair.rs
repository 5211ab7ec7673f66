//! Repair by the page: with the first page's cost of building the repairer, and with it built.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use plan_ingest::repair::Repairer;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source};

const PAGE: &str = "KE HOACH\nTrién khai céng tac tuyén truyén nam 2024 trén dia ban phwong\n\n\
Thue hién Ké hoach s6 12/KH-UBND ngay 03/4/2024 cia Uy ban nhan dan thanh phé;\n\
Uy ban nhan dan phwong xay dung Ké hoach trién khai nhw sau:\n\n\
1. Muc dich: Tang cuong sy lanh dao cua cap uy, chinh quyén cac cap; nang cao nhan\n\
thirc cua can bd, dang vién va nhan dan trén dia ban.\n\
2. Yéu cau: Viéc to chirc thuc hién phai dugc trién khai sau rong dén timg td dan phd.\n";

fn pages(c: &mut Criterion) {
    let rules = RuleBook::embedded();
    let page = || Source::of_text("page", &PAGE.repeat(5), Condition::ForeignOcr);
    let mut group = c.benchmark_group("repair");
    group.throughput(Throughput::Elements(PAGE.split_whitespace().count() as u64 * 5));
    group.bench_function("page, cold", |b| b.iter(|| Repairer::new(&rules).map(|r| r.repair(black_box(page())))));
    let repairer = Repairer::new(&rules).expect("our own rules");
    group.bench_function("page, warm", |b| b.iter(|| repairer.repair(black_box(page()))));
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
