//! The service ends: what it has begun it finishes.

use std::net::TcpStream;
use std::time::Duration;

use signpost::serving::Bounds;

use crate::support::{Served, ask, head, tight};

#[test]
fn what_has_begun_is_answered_and_the_connection_ended() {
    let mut served = Served::start(tight());
    let mut begun = served.connect();
    ask(&mut begun, "/wait");
    std::thread::sleep(Duration::from_millis(100));
    served.stop();
    std::thread::sleep(Duration::from_millis(100));
    // A moment is left for clients to hear that they should go elsewhere.
    let mut during = served.connect();
    ask(&mut during, "/quick");
    for stream in [&mut during, &mut begun] {
        let answer = head(stream);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    }
    assert!(served.ended() < Duration::from_secs(3));
    assert!(TcpStream::connect(served.address).is_err(), "it listens no more");
}

#[test]
fn what_never_ends_does_not_keep_it() {
    let mut served = Served::start(Bounds {
        drain_time: Duration::from_millis(300),
        head_time: Duration::from_secs(30),
        request_time: Duration::from_secs(30),
        ..tight()
    });
    let mut silent = served.connect();
    ask(&mut silent, "/quick");
    assert!(head(&mut silent).starts_with("HTTP/1.1 200"));
    assert!(served.ended() < Duration::from_secs(3));
}
