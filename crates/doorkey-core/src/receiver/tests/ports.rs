//! Which sockets there are, and when they are not.

use std::net::{Ipv6Addr, SocketAddr, TcpListener};

use super::*;
use crate::error::Code;
use crate::receiver::port::Port;

/// Takes a port on an address, so that nobody else can.
fn take(address: impl Into<std::net::IpAddr>) -> (TcpListener, u16) {
    let listener = TcpListener::bind((address.into(), 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

fn free_port() -> u16 {
    take(Ipv4Addr::LOCALHOST).1
}

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

#[tokio::test]
async fn a44_only_loopback_addresses_are_listened_on() {
    for (lines, expected) in [
        ("", vec!["127.0.0.1"]),
        (
            "redirect_uri = \"http://127.0.0.1/callback\"",
            vec!["127.0.0.1"],
        ),
        ("redirect_uri = \"http://[::1]/callback\"", vec!["::1"]),
        (
            "redirect_uri = \"http://localhost/callback\"",
            vec!["127.0.0.1", "::1"],
        ),
    ] {
        if lines.contains("::1") && !has_ipv6() {
            continue;
        }
        let port = Port::open(&redirect(lines)).expect("a port");
        let addresses = port.addresses();
        assert!(
            addresses
                .iter()
                .all(|address| address.ip().is_loopback() && address.port() == port.number()),
            "{addresses:?}"
        );
        let families: Vec<_> = addresses
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        assert_eq!(
            families,
            if has_ipv6() {
                expected
            } else {
                vec!["127.0.0.1"]
            }
        );
    }
}

#[tokio::test]
async fn a45_the_port_is_ours_from_the_beginning() {
    let loopback = bind(&LoopbackUri::default());
    let address: SocketAddr = loopback.redirect_uri()[7..]
        .trim_end_matches("/callback")
        .parse()
        .expect("an address");
    assert!(TcpListener::bind(address).is_err());
    assert!(
        Loopback::bind(
            &redirect(&format!("redirect_uri = \"http://{address}/callback\"")),
            ResponseMode::Query,
            recording_trace().0
        )
        .is_err()
    );
}

#[tokio::test]
async fn a46_the_next_listed_port_is_used_and_all_are_named_when_none_is_free() {
    let (_one, first) = take(Ipv4Addr::LOCALHOST);
    let (_two, second) = take(Ipv4Addr::LOCALHOST);
    let third = free_port();
    let lines = format!(
        "redirect_uri = \"http://127.0.0.1:{first}/auth/done\"\nredirect_ports = [{second}, {third}]"
    );
    assert_eq!(
        bind(&redirect(&lines)).redirect_uri(),
        format!("http://127.0.0.1:{third}/auth/done")
    );

    let lines =
        format!("redirect_uri = \"http://127.0.0.1:{first}/\"\nredirect_ports = [{second}]");
    let error = Loopback::bind(&redirect(&lines), ResponseMode::Query, recording_trace().0)
        .expect_err("no port");
    assert_eq!(error.code(), Code::PortUnavailable);
    assert!(
        error.message().starts_with(&format!(
            "None of the ports {first}, {second} can be opened on 127.0.0.1: "
        )),
        "{}",
        error.message()
    );
}

#[tokio::test]
async fn a48_localhost_means_both_families_on_one_port_or_another_port() {
    if !has_ipv6() {
        return;
    }
    let (_six, half) = take(Ipv6Addr::LOCALHOST);
    let whole = free_port();
    let lines =
        format!("redirect_uri = \"http://localhost:{half}/callback\"\nredirect_ports = [{whole}]");
    let loopback = bind(&redirect(&lines));
    assert_eq!(
        loopback.redirect_uri(),
        format!("http://localhost:{whole}/callback")
    );
    // The half that was tried first is given back.
    assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, half)).is_ok());

    let received = tokio::spawn(async move { loopback.receive(&expected()).await });
    let request = |state: &str| {
        format!(
            "GET /callback?code={CODE}&state={state} HTTP/1.1\r\nHost: localhost:{whole}\r\n\r\n"
        )
    };
    for (address, state) in [("127.0.0.1", "wrong"), ("::1", "wrong"), ("::1", STATE)] {
        let mut tab = TcpStream::connect((address, whole))
            .await
            .expect("a connection");
        tab.write_all(request(state).as_bytes())
            .await
            .expect("to send");
        if state == STATE {
            let received = received.await.expect("no panic");
            let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
            assert!(answer.text.contains(SIGNED_IN));
            break;
        }
        assert_eq!(read(tab).await.status, 400);
    }
    for address in ["127.0.0.1", "::1"] {
        assert!(
            std::net::TcpStream::connect((address, whole)).is_err(),
            "{address} is still open"
        );
    }
}

#[tokio::test]
async fn a_free_port_is_free_in_both_families() {
    for _ in 0..50 {
        let port =
            Port::open(&redirect("redirect_uri = \"http://localhost/callback\"")).expect("a port");
        assert_eq!(port.addresses().len(), if has_ipv6() { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_listed_port_can_be_used_for_one_sign_in_after_another() {
    let port = free_port();
    let redirect = redirect(&format!(
        "redirect_uri = \"http://127.0.0.1:{port}/callback\""
    ));
    for _ in 0..3 {
        let loopback = bind(&redirect);
        let received = tokio::spawn(async move { loopback.receive(&expected()).await });
        let mut tab = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .expect("a connection");
        let request = format!(
            "GET /callback?code={CODE}&state={STATE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        );
        tab.write_all(request.as_bytes()).await.expect("to send");
        let received = received.await.expect("no panic");
        let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
        assert!(answer.text.contains(SIGNED_IN));
    }
}

#[tokio::test]
async fn a29_a30_two_attempts_have_two_ports_and_do_not_cross() {
    let (one, two) = (wait(), wait());
    assert_ne!(one.port, two.port);
    // One's own callback at the other's port has the wrong host; with the right host it would still have the wrong state.
    two.turned_away(421, STRAY, one.true_callback()).await;
    one.completes().await;
    two.completes().await;
}

#[tokio::test]
async fn a64_the_redirect_uri_is_kept_byte_for_byte() {
    let port = free_port();
    let lines = format!("redirect_uri = \"http://127.0.0.1:{port}/a/%7Eb//c\"");
    assert_eq!(
        bind(&redirect(&lines)).redirect_uri(),
        format!("http://127.0.0.1:{port}/a/%7Eb//c")
    );
}

#[tokio::test]
async fn an_ipv6_redirect_uri_completes() {
    if !has_ipv6() {
        return;
    }
    let loopback = bind(&redirect("redirect_uri = \"http://[::1]/callback\""));
    let host = loopback.redirect_uri()[7..]
        .trim_end_matches("/callback")
        .to_owned();
    let mut tab = TcpStream::connect(&host).await.expect("a connection");
    let request =
        format!("GET /callback?code={CODE}&state={STATE} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    tab.write_all(request.as_bytes()).await.expect("to send");
    let received = loopback.receive(&expected()).await;
    let (answer, ()) = tokio::join!(read(tab), received.reply.succeeded());
    assert!(answer.text.contains(SIGNED_IN));
}
