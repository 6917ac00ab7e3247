//! Asking again and again, as seldom as the provider wants
//! ([RFC 8628 §3.5](https://www.rfc-editor.org/rfc/rfc8628#section-3.5)).

use std::time::{Duration, SystemTime};

use crate::clock::Clock;
use crate::error::{Code, Error, Result};
use crate::token::{DeviceAnswer, TokenResponse};
use crate::trace::{StepKind, Trace, shown};

/// What each `slow_down` adds to the interval.
const SLOW_DOWN: Duration = Duration::from_secs(5);
/// The longest wait that a failing network leads to, unless the provider wants longer ones.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// Asks until the answer is final or the code has expired. The first question waits as well: nobody types that fast.
pub(super) async fn until_decided<Ask, Answer>(
    clock: &dyn Clock,
    expires_at: SystemTime,
    mut interval: Duration,
    trace: &Trace,
    mut ask: Ask,
) -> Result<TokenResponse>
where
    Ask: FnMut() -> Answer,
    Answer: Future<Output = Result<DeviceAnswer>>,
{
    let mut wait = interval;
    loop {
        let left = left(clock, expires_at);
        tokio::time::sleep(wait.min(left)).await;
        // Looked at anew: the computer may have slept.
        if wait >= left || self::left(clock, expires_at).is_zero() {
            return Err(expired());
        }
        match ask().await {
            Ok(DeviceAnswer::Tokens(tokens)) => return Ok(*tokens),
            Ok(DeviceAnswer::Pending) => wait = interval,
            Ok(DeviceAnswer::SlowDown) => {
                interval = interval.saturating_add(SLOW_DOWN);
                wait = interval;
                trace.step(StepKind::DeviceSlowedDown, || {
                    vec![("interval", shown(interval.as_secs()))]
                });
            }
            Err(error) if may_pass(&error) => {
                trace.failed(StepKind::DeviceTokenRequest, &error);
                wait = wait.saturating_mul(2).min(LONGEST_BACKOFF.max(interval));
            }
            Err(error) => return Err(error),
        }
    }
}

fn left(clock: &dyn Clock, expires_at: SystemTime) -> Duration {
    expires_at.duration_since(clock.now()).unwrap_or_default()
}

/// Trouble that says nothing about the code: the next question may be answered.
fn may_pass(error: &Error) -> bool {
    matches!(
        error.code(),
        Code::Offline | Code::NetworkLost | Code::NetworkTimeout | Code::Unavailable
    )
}

fn expired() -> Error {
    Error::new(Code::TimedOut, "The code was not used in time")
        .with_hint("Start again, and type the new code before it expires.")
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use doorkey_double::HandClock;
    use tokio::time::Instant;

    use super::*;
    use crate::token::AccessToken;
    use crate::trace::Flow;

    const BEGINNING: SystemTime = SystemTime::UNIX_EPOCH;

    fn tokens() -> Result<DeviceAnswer> {
        Ok(DeviceAnswer::Tokens(Box::new(TokenResponse {
            access_token: AccessToken::new("abc"),
            refresh_token: None,
            id_token: None,
            expires_in: None,
            scopes: None,
        })))
    }

    fn failing(code: Code) -> Result<DeviceAnswer> {
        Err(Error::new(code, "x"))
    }

    /// Asks at an interval of 5 s for a code that lives for so many, and gives the seconds at which was asked. When no
    /// answers are left it is pending.
    async fn poll(
        lifetime: u64,
        answers: impl IntoIterator<Item = Result<DeviceAnswer>>,
    ) -> (Result<TokenResponse>, Vec<u64>, u64) {
        let start = Instant::now();
        let clock = HandClock::of_runtime(BEGINNING);
        let trace = Trace::new(Flow::SignIn, Arc::new(clock.clone()), None);
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        let mut asked = Vec::new();
        let result = until_decided(
            &clock,
            BEGINNING + Duration::from_secs(lifetime),
            Duration::from_secs(5),
            &trace,
            || {
                asked.push(start.elapsed().as_secs());
                let answer = answers.pop_front().unwrap_or(Ok(DeviceAnswer::Pending));
                std::future::ready(answer)
            },
        )
        .await;
        (result, asked, start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn the_interval_is_kept_to_the_second() {
        let answers = [
            Ok(DeviceAnswer::Pending),
            Ok(DeviceAnswer::Pending),
            tokens(),
        ];
        let (result, asked, _) = poll(600, answers).await;
        assert_eq!(result.expect("tokens").access_token.expose(), "abc");
        assert_eq!(asked, [5, 10, 15]);
    }

    #[tokio::test(start_paused = true)]
    async fn each_slow_down_adds_five_seconds_for_good() {
        let answers = [
            Ok(DeviceAnswer::SlowDown),
            Ok(DeviceAnswer::Pending),
            Ok(DeviceAnswer::SlowDown),
            Ok(DeviceAnswer::Pending),
            tokens(),
        ];
        let (result, asked, _) = poll(600, answers).await;
        assert!(result.is_ok());
        assert_eq!(asked, [5, 15, 25, 40, 55]);
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_the_moment_the_code_expires() {
        let (result, asked, ended) = poll(12, []).await;
        assert_eq!(result.expect_err("expired").code(), Code::TimedOut);
        assert_eq!((asked, ended), (vec![5, 10], 12));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failing_network_is_survived_and_asked_less_often() {
        let answers = [
            failing(Code::Offline),
            failing(Code::NetworkTimeout),
            failing(Code::NetworkLost),
            failing(Code::Unavailable),
            failing(Code::Offline),
            Ok(DeviceAnswer::Pending),
            tokens(),
        ];
        let (result, asked, _) = poll(600, answers).await;
        assert!(result.is_ok());
        assert_eq!(asked, [5, 15, 35, 75, 135, 195, 200]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_final_answer_ends_it_at_once() {
        for code in [
            Code::ProviderDenied,
            Code::TimedOut,
            Code::InvalidGrant,
            Code::TokenRequestRefused,
            Code::TlsUntrusted,
            Code::TokenResponseInvalid,
        ] {
            let (result, asked, ended) = poll(600, [failing(code)]).await;
            assert_eq!(result.expect_err("final").code(), code);
            assert_eq!((asked, ended), (vec![5], 5));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_it_stops_the_questions() {
        let waiting = tokio::time::timeout(Duration::from_secs(12), poll(600, []));
        assert!(waiting.await.is_err());
    }
}
