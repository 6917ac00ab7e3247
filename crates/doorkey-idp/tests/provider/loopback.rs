//! Where it listens, and to whom.

use std::net::{IpAddr, Ipv4Addr};

use doorkey_idp::{Config, Role, StartError, start};
use reqwest::StatusCode;

use crate::agent::{app, provider};

#[tokio::test]
async fn a_request_under_another_name_is_refused() {
    let provider = provider().await;
    for origin in [provider.issuer(), provider.api(), provider.upstream()] {
        let port = url::Url::parse(origin).unwrap().port().unwrap();
        for host in [
            format!("evil.example:{port}"),
            format!("localhost:{port}"),
            "127.0.0.1".to_owned(),
            format!("127.0.0.1:{port}.evil.example"),
        ] {
            let response = app()
                .get(origin)
                .header("host", &host)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
            let text = response.text().await.unwrap();
            assert!(text.contains(origin) && !text.contains("evil"), "{text}");
        }
        let right = app()
            .get(origin)
            .header("host", format!("127.0.0.1:{port}"));
        assert_eq!(right.send().await.unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn only_loopback_addresses_are_bound() {
    for address in [Ipv4Addr::UNSPECIFIED, Ipv4Addr::new(192, 168, 0, 1)] {
        let config = Config {
            port: 0,
            address: IpAddr::V4(address),
            ..Config::default()
        };
        let refused = start(config).await.unwrap_err();
        assert!(matches!(refused, StartError::NotLoopback { address: named } if named == address));
    }
}

#[tokio::test]
async fn a_taken_port_is_named_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = start(Config {
        port,
        ..Config::default()
    })
    .await
    .unwrap_err();
    let StartError::PortInUse { role, port: named } = refused else {
        panic!("{refused}");
    };
    assert_eq!((role, named), (Role::Broker, port));
    let message = StartError::PortInUse { role, port }.to_string();
    assert!(
        message.contains(&port.to_string()) && message.contains("--port"),
        "{message}"
    );
}
