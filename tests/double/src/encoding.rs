//! Content encodings ([RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1)), for bodies that unpack to
//! a lot more than they are.

use std::io::Write as _;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `gzip`
    Gzip,
    /// `deflate`
    Deflate,
    /// `br`
    Brotli,
    /// `zstd`, without any effort but for repeated bytes, which a bomb consists of.
    Zstd,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gzip, Self::Deflate, Self::Brotli, Self::Zstd];

    /// Its name in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    pub(crate) fn pack(self, body: &[u8]) -> Vec<u8> {
        let level = flate2::Compression::fast();
        let packed = match self {
            Self::Gzip => {
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), level);
                packer.write_all(body).and_then(|()| packer.finish())
            }
            Self::Deflate => {
                let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), level);
                packer.write_all(body).and_then(|()| packer.finish())
            }
            Self::Brotli => {
                let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 1, 20);
                packer.write_all(body).map(|()| packer.into_inner())
            }
            Self::Zstd => Ok(zstd(body)),
        };
        // Nothing that is written to memory fails.
        packed.unwrap_or_default()
    }
}

/// One frame of [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1): raw blocks, and one byte for a run.
fn zstd(body: &[u8]) -> Vec<u8> {
    /// The largest block.
    const BLOCK: usize = 128 * 1024;
    /// The window, 2^20 bytes: an exponent of ten above the least one.
    const WINDOW: u8 = 10 << 3;
    const RAW: u32 = 0;
    const RUN: u32 = 1;
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0, WINDOW];
    let mut rest = body;
    loop {
        let is_run_start = |at: &usize| {
            let run = rest.get(*at..*at + 16);
            run.is_some_and(|run| run.iter().all(|byte| *byte == run[0]))
        };
        let most = rest.len().min(BLOCK);
        let raw = (0..most).find(is_run_start).unwrap_or(most);
        let (kind, length) = match (raw, rest.first()) {
            (0, Some(first)) => {
                let run = rest.iter().take(BLOCK).take_while(|byte| *byte == first);
                (RUN, run.count())
            }
            _ => (RAW, raw),
        };
        let (block, after) = rest.split_at(length);
        let header = u32::from(after.is_empty()) | (kind << 1) | ((length as u32) << 3);
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.extend_from_slice(if kind == RUN { &block[..1] } else { block });
        if after.is_empty() {
            return frame;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked(mut reader: impl std::io::Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        assert!(reader.read_to_end(&mut bytes).is_ok());
        bytes
    }

    #[test]
    fn whoever_unpacks_gets_the_body_and_a_bomb_is_small() {
        let mut body = b"{\"issuer\":\"x\"}".to_vec();
        body.resize(4 * 1024 * 1024, b' ');
        for encoding in Encoding::ALL {
            let packed = encoding.pack(&body);
            assert!(packed.len() < 64 * 1024, "{encoding:?}: {}", packed.len());
            let bytes = match encoding {
                Encoding::Gzip => unpacked(flate2::read::GzDecoder::new(&packed[..])),
                Encoding::Deflate => unpacked(flate2::read::ZlibDecoder::new(&packed[..])),
                Encoding::Brotli => unpacked(brotli::Decompressor::new(&packed[..], 4096)),
                // There is no decoder in the tree; `zstd --test` takes this frame.
                Encoding::Zstd => {
                    assert_eq!(packed[..4], [0x28, 0xb5, 0x2f, 0xfd]);
                    continue;
                }
            };
            assert!(bytes == body, "{encoding:?}");
        }
    }
}
