//! How the bytes of an answer get under way: late, held, in drops, broken off, or for ever.

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::sleep;

use crate::gate::Gate;

/// What is wrong with the way of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivery {
    /// Nothing at all is written, as when a connection breaks after the server has done what was asked.
    pub(crate) lost: bool,
    pub(crate) before: Duration,
    /// Holds the answer before its first byte.
    pub(crate) held: Option<Gate>,
    /// Holds it after so many bytes of its body.
    pub(crate) held_within: Option<(usize, Gate)>,
    /// So many bytes at a time, and the pause after them.
    pub(crate) drip: Option<(usize, Duration)>,
    pub(crate) cut: Option<usize>,
    pub(crate) endless: bool,
    /// Hears of the end of the answer.
    pub(crate) told: Option<Gate>,
}

impl Delivery {
    pub(crate) async fn write(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
        head: &str,
        body: &[u8],
    ) -> std::io::Result<()> {
        sleep(self.before).await;
        if let Some(gate) = &self.held {
            gate.pass().await;
        }
        if self.lost {
            return stream.shutdown().await;
        }
        stream.write_all(head.as_bytes()).await?;
        let body = &body[..self.cut.unwrap_or(body.len()).min(body.len())];
        match &self.held_within {
            Some((bytes, gate)) => {
                let (first, rest) = body.split_at(body.len().min(*bytes));
                self.drop_by_drop(stream, first).await?;
                stream.flush().await?;
                gate.pass().await;
                self.drop_by_drop(stream, rest).await?;
            }
            None => self.drop_by_drop(stream, body).await?,
        }
        while self.endless && !body.is_empty() {
            self.drop_by_drop(stream, body).await?;
        }
        stream.shutdown().await?;
        if let Some(gate) = &self.told {
            gate.arrive();
        }
        Ok(())
    }

    async fn drop_by_drop(
        &self,
        stream: &mut (impl AsyncWrite + Unpin),
        bytes: &[u8],
    ) -> std::io::Result<()> {
        let (size, pause) = self.drip.unwrap_or((usize::MAX, Duration::ZERO));
        for drop in bytes.chunks(size.max(1)) {
            stream.write_all(drop).await?;
            stream.flush().await?;
            sleep(pause).await;
        }
        Ok(())
    }
}
