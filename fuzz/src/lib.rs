//! What the fuzz targets share. The laws stand in the engine, beside the parsers; here is only what feeds them.

pub use doorkey_core::fuzzing::Target;
pub use libfuzzer_sys::fuzz_target;

/// The fuzz target that feeds the engine's target of this name.
#[macro_export]
macro_rules! feeds {
    ($name:literal) => {
        static TARGET: std::sync::LazyLock<$crate::Target> = std::sync::LazyLock::new(|| {
            $crate::Target::named($name).expect("the engine has a target of this name")
        });

        $crate::fuzz_target!(|bytes: &[u8]| {
            (TARGET.feed)(bytes);
        });
    };
}
