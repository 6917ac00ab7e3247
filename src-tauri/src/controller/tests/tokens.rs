use std::time::SystemTime;

use super::app::{Place, sign_out};
use crate::flow::milliseconds;
use crate::view::{ClaimValueView, ClaimView, SessionView};

#[tokio::test]
async fn what_the_tokens_say_is_told_while_somebody_is_signed_in() {
    let place = Place::new().await;
    let mut app = place.start();
    assert_eq!(app.handle.tokens().await.unwrap_err().code, "not_signed_in");
    app.sign_in().await;
    let tokens = app.handle.tokens().await.unwrap();
    let id_token = tokens.id_token.unwrap();
    assert_eq!(
        id_token.contents.header[0],
        ClaimView {
            name: "alg".to_owned(),
            value: ClaimValueView::Text {
                text: id_token.algorithm
            },
        }
    );
    let exp = id_token
        .contents
        .claims
        .iter()
        .find(|claim| claim.name == "exp");
    assert!(matches!(
        exp.unwrap().value,
        ClaimValueView::Time { at } if at > milliseconds(SystemTime::now())
    ));
    app.ask(sign_out(false)).await;
    app.when(|view| view.session == SessionView::SignedOut)
        .await;
    assert_eq!(app.handle.tokens().await.unwrap_err().code, "not_signed_in");
}
