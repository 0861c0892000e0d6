//! Clients that take their time.

use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Served, ask, head, rest, tight};

#[test]
fn a_client_that_says_nothing_is_cut_off() {
    let served = Served::start(tight());
    let (answer, time) = rest(&mut served.connect());
    assert!(!answer.contains("200") && time < Duration::from_secs(3), "{answer} after {time:?}");
    assert!(time > Duration::from_millis(300), "it was given time: {time:?}");
}

#[test]
fn a_client_that_never_ends_its_head_is_cut_off() {
    let served = Served::start(tight());
    let mut stream = served.connect();
    let start = Instant::now();
    write!(stream, "GET /quick HTTP/1.1\r\nHost: x\r\n").expect("it reads");
    while start.elapsed() < Duration::from_secs(5) && write!(stream, "X-Drip: 1\r\n").is_ok() {
        sleep(Duration::from_millis(50));
    }
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_connection_that_is_kept_without_a_request_is_ended() {
    let served = Served::start(tight());
    let mut stream = served.connect();
    ask(&mut stream, "/quick");
    assert!(head(&mut stream).starts_with("HTTP/1.1 200"));
    let (_, time) = rest(&mut stream);
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[test]
fn a_body_that_drips_gets_408_in_time() {
    let served = Served::start(tight());
    let mut stream = served.connect();
    let start = Instant::now();
    write!(stream, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n").expect("it reads");
    let mut dripping = stream.try_clone().expect("a second handle");
    let thread = std::thread::spawn(move || {
        while start.elapsed() < Duration::from_secs(5) && dripping.write_all(b"x").is_ok() {
            sleep(Duration::from_millis(50));
        }
    });
    let answer = head(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    drop(stream);
    thread.join().expect("it ends");
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let served = Served::start(tight());
    let mut stream = served.connect();
    let large = "x".repeat(70 * 1024);
    let _ = write!(stream, "GET /quick HTTP/1.1\r\nHost: x\r\nX-Large: {large}\r\n\r\n");
    let answer = head(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}
