#![allow(missing_docs, clippy::expect_used, clippy::indexing_slicing, reason = "x")]
use ehr::order::DraftOrders;
use ehr::record::Record;
use hooks::{HookRequest, OrderSignContext};
use jiff::Timestamp;
use signpost::content::{Content, Files};
use std::hint::black_box;
use std::time::Instant;
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let content = Content::load(&Files::bundled()).expect("c");
    let at: Timestamp = "2026-11-22T12:00:00Z".parse().expect("t");
    let file = std::env::var("REQ").expect("REQ");
    let body = std::fs::read(file).expect("f");
    let n: u32 = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let service = content.service("coverage-order-sign").expect("s");
    let t = |name: &str, f: &mut dyn FnMut()| {
        for _ in 0..20 {
            f();
        }
        let s = Instant::now();
        for _ in 0..n {
            f();
        }
        println!("{name:20} {:>9.1} us", s.elapsed().as_secs_f64() * 1e6 / f64::from(n));
    };
    if std::env::var("ONLY").is_ok() {
        for _ in 0..n {
            drop(black_box(signpost::answer::answer(&content, service, &body, at)));
        }
        return;
    }
    t("request", &mut || {
        black_box(HookRequest::read(&body).expect("r"));
    });
    let request = HookRequest::read(&body).expect("r");
    let context = OrderSignContext::read(&request).expect("c");
    t("orders", &mut || {
        black_box(DraftOrders::read(context.draft_orders).expect("d"));
    });
    let prefetch: Vec<(&str, &serde_json::value::RawValue)> =
        request.prefetch.iter().map(|(k, r)| (k.as_ref(), *r)).collect();
    t("record", &mut || {
        black_box(Record::read(
            &prefetch,
            &context.patient_id,
            &content.record.terminology,
            &service.searches,
        ));
    });
    t("decide", &mut || {
        black_box(signpost::decision::decide(&content, service, &request, at).expect("d"));
    });
    let d = signpost::decision::decide(&content, service, &request, at).expect("d");
    let policies: Vec<_> = content.policies.iter().map(|p| &p.0).collect();
    t("evaluate", &mut || {
        for p in &policies {
            black_box(p.evaluate(&d.orders[0].knowledge));
        }
    });
    t("limits", &mut || {
        for l in &content.limits {
            black_box(l.check(&d.orders[0].knowledge, &content.record.elements));
        }
    });
    t("cards", &mut || {
        black_box(signpost::cards::response(&content, service, "x", "2026-11-22", &d));
    });
    let r = signpost::cards::response(&content, service, "x", "2026-11-22", &d);
    t("write", &mut || {
        black_box(serde_json::to_vec(&r).expect("w"));
    });
    println!("{} bytes out", serde_json::to_vec(&r).expect("w").len());
    t("answer", &mut || {
        drop(black_box(signpost::answer::answer(&content, service, &body, at)));
    });
}
