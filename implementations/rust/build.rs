//! Tells the extension how it was built, so that it can tell whoever times it.

use std::env;
use std::process::Command;

fn main() {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    println!("cargo:rustc-env=PACELINE_RUSTFLAGS={}", flags.replace('\u{1f}', " "));
    println!("cargo:rustc-env=PACELINE_OPT_LEVEL={}", env::var("OPT_LEVEL").unwrap_or_default());
    println!("cargo:rustc-env=PACELINE_TARGET={}", env::var("TARGET").unwrap_or_default());
    println!("cargo:rustc-env=PACELINE_RUSTC={}", compiler());
    println!("cargo:rustc-env=PACELINE_LTO={}", profile_setting("lto"));
    println!("cargo:rustc-env=PACELINE_CODEGEN_UNITS={}", profile_setting("codegen-units"));
    println!("cargo:rerun-if-changed=Cargo.toml");
    println!("cargo:rerun-if-env-changed=CARGO_PROFILE_RELEASE_LTO");
    println!("cargo:rerun-if-env-changed=CARGO_PROFILE_RELEASE_CODEGEN_UNITS");
}

fn compiler() -> String {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let told = Command::new(rustc).arg("--version").output();
    told.map(|out| String::from_utf8_lossy(&out.stdout).trim().trim_start_matches("rustc ").to_string())
        .unwrap_or_default()
}

/// Cargo does not tell build scripts its LTO setting: read what it read, the environment first.
fn profile_setting(key: &str) -> String {
    let variable = format!("CARGO_PROFILE_RELEASE_{}", key.to_uppercase().replace('-', "_"));
    if let Ok(value) = env::var(variable) {
        return value;
    }
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap_or_default();
    let release = manifest.split("[profile.release]").nth(1).unwrap_or("");
    let lines = release.lines().skip(1).take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim().trim_matches('"').to_string())
        .unwrap_or_default()
}
