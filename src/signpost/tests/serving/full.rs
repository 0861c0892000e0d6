//! More connections and more requests than the service carries.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use signpost::serving::Bounds;

use crate::support::{Served, WAIT, ask, head, rest, tight};

#[test]
fn a_request_too_many_gets_503_at_once_and_the_others_their_answers() {
    let served = Served::start(tight());
    let mut waiting: Vec<TcpStream> = (0..8).map(|_| served.connect()).collect();
    let start = Instant::now();
    waiting.iter_mut().for_each(|stream| ask(stream, "/wait"));
    std::thread::sleep(Duration::from_millis(200));

    let mut late = served.connect();
    ask(&mut late, "/quick");
    let answer = head(&mut late);
    assert!(start.elapsed() < WAIT, "it waited: {:?}", start.elapsed());
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 1"), "{answer}");

    for stream in &mut waiting {
        assert!(head(stream).starts_with("HTTP/1.1 200"));
    }
    let mut after = served.connect();
    ask(&mut after, "/quick");
    assert!(head(&mut after).starts_with("HTTP/1.1 200"), "there is room again");
}

#[test]
fn a_connection_too_many_is_closed_and_leaves_the_others_alone() {
    let bounds = Bounds { connections: 3, head_time: Duration::from_secs(5), ..tight() };
    let served = Served::start(bounds);
    let mut kept: Vec<TcpStream> = (0..3).map(|_| served.connect()).collect();
    for stream in &mut kept {
        ask(stream, "/quick");
        assert!(head(stream).starts_with("HTTP/1.1 200"));
    }
    let (answer, time) = rest(&mut served.connect());
    assert!(answer.is_empty() && time < Duration::from_secs(1), "{answer} after {time:?}");

    drop(kept);
    std::thread::sleep(Duration::from_millis(200));
    let mut after = served.connect();
    ask(&mut after, "/quick");
    assert!(head(&mut after).starts_with("HTTP/1.1 200"), "there is room again");
}
