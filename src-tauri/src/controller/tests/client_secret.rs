use doorkey_core::{ClientSecret, Profiles};

use super::app::{App, Place};
use crate::request::{ImportSource, Request, SecretQuestion};
use crate::view::{ClientSecretView, Problem};

const SECRET: &str = "canary-client-secret-0123456789";

/// A profile whose provider insists on a secret.
fn write(place: &Place, name: &str) {
    let text = format!(
        "issuer = \"{}\"\nclient_id = \"app\"\ntoken_endpoint_auth_method = \"client_secret_post\"\n",
        place.provider.issuer()
    );
    let path = Profiles::new(place.config()).path(&name.parse().unwrap());
    std::fs::write(path, text).unwrap();
}

async fn ask(app: &App, name: &str, question: SecretQuestion) -> Result<ClientSecretView, Problem> {
    app.handle.client_secret(name, question).await
}

fn kept(kept: bool) -> Result<ClientSecretView, Problem> {
    Ok(ClientSecretView {
        kept,
        memory_only: None,
    })
}

fn keep() -> SecretQuestion {
    SecretQuestion::Keep(ClientSecret::new(SECRET))
}

#[tokio::test]
async fn a_client_secret_is_kept_replaced_and_forgotten() {
    let place = Place::new().await;
    write(&place, "shop");
    let app = place.start();
    app.when_signed_out().await;
    assert_eq!(ask(&app, "shop", SecretQuestion::IsKept).await, kept(false));
    assert_eq!(ask(&app, "shop", keep()).await, kept(true));
    assert_eq!(ask(&app, "shop", keep()).await, kept(true));
    assert_eq!(ask(&app, "shop", SecretQuestion::IsKept).await, kept(true));
    let other = place.other();
    assert!(
        other
            .has_client_secret(&place.profile("shop"))
            .await
            .unwrap()
    );
    assert_eq!(ask(&app, "shop", SecretQuestion::Forget).await, kept(false));
    assert_eq!(ask(&app, "shop", SecretQuestion::IsKept).await, kept(false));
}

#[tokio::test]
async fn g01_a_client_secret_never_comes_back() {
    let place = Place::new().await;
    write(&place, "shop");
    let app = place.start();
    app.when_signed_out().await;
    let mut told = format!("{:?}", keep());
    told += &format!("{:?}", ask(&app, "shop", keep()).await);
    told += &format!("{:?}", app.handle.profile_form("shop".to_owned()).await);
    told += &format!("{:?}", app.handle.share("shop".to_owned()).await);
    let select = Request::SelectProfile {
        profile: "shop".to_owned(),
    };
    app.ask(select).await;
    app.when(|view| view.selected == "shop").await;
    // One that cannot be a secret is refused, and not repeated.
    let wrong = SecretQuestion::Keep(ClientSecret::new(format!("{SECRET}\n")));
    told += &format!("{:?}", ask(&app, "shop", wrong).await.unwrap_err());
    let stolen = ImportSource {
        text: format!("client_secret = \"{SECRET}\""),
        file: Some("shop.toml".to_owned()),
    };
    told += &format!("{:?}", app.handle.import(stolen).await.unwrap_err());
    told += &serde_json::to_string(&*app.seen.views.lock().unwrap()).unwrap();
    told += &format!("{:?}", app.seen.trays.lock().unwrap());
    assert!(told.contains("shop") && !told.contains(SECRET));
    let profile = Profiles::new(place.config()).path(&"shop".parse().unwrap());
    assert!(!std::fs::read_to_string(profile).unwrap().contains(SECRET));
}

#[tokio::test]
async fn a_profile_that_sends_no_secret_takes_none() {
    let place = Place::new().await;
    let app = place.start();
    app.when_signed_out().await;
    let problem = ask(&app, "work", keep()).await.unwrap_err();
    assert_eq!(
        (problem.code.as_str(), problem.field.as_deref()),
        ("profile_invalid", Some("client_secret"))
    );
    let nobody = ask(&app, "nobody", SecretQuestion::IsKept).await;
    assert_eq!(nobody.unwrap_err().code, "profile_not_found");
}
