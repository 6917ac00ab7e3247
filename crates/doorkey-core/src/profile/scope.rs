//! A scope as [RFC 6749 appendix A.4](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4) writes it.

/// Whether the text is one scope: `1*( %x21 / %x23-5B / %x5D-7E )`.
pub(super) fn is_scope(text: &str) -> bool {
    let valid = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !text.is_empty() && text.bytes().all(valid)
}
