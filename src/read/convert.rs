//! Has LibreOffice turn what only it can read (DOC, RTF, ODT, HTML) into DOCX, in a folder that goes when it is done.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use process_control::{ChildExt, Control};
use regex::bytes::Regex;

use super::failure::{Failure, Limit};
use super::limits::Limits;
use super::scratch::Scratch;

/// What LibreOffice holds while it runs, so that whoever outlives the reader can take it away.
#[derive(Clone, Debug, Default)]
pub(super) struct Leash(Arc<Mutex<Option<(u32, PathBuf)>>>);

impl Leash {
    /// Ends the program that is running now with all that it started, and takes its folder away.
    pub fn pull(&self) {
        if let Some((process, dir)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            end_all(process);
            let _ = std::fs::remove_dir_all(&dir);
            let _ = std::fs::remove_file(dir.with_extension("lock"));
        }
    }

    fn hold(&self, running: Option<(u32, PathBuf)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = running;
    }
}

/// The bytes of a DOCX with the words of `bytes`, a file of the kind `extension`.
pub(super) fn to_docx(program: &Path, bytes: &[u8], extension: &str, limits: &Limits, leash: &Leash) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| Failure::Crashed(format!("libreoffice: {e}"));
    let scratch = Scratch::new().map_err(failed)?;
    let from = scratch.path().join(format!("page.{extension}"));
    let inner = if extension == "html" { without_links(bytes)? } else { bytes.to_vec() };
    std::fs::write(&from, inner).map_err(failed)?;
    let child = start(program, scratch.path(), &from).map_err(failed)?;
    let process = child.id();
    leash.hold(Some((process, scratch.path().to_path_buf())));
    let control = child.controlled_with_output().time_limit(Duration::from_secs(limits.seconds)).terminate_for_timeout();
    #[cfg(any(target_os = "android", all(target_os = "linux", any(target_env = "gnu", target_env = "musl")), windows))]
    let control = control.memory_limit(limits.memory);
    let ended = control.wait();
    if !matches!(&ended, Ok(Some(output)) if output.status.success()) {
        // `soffice` is a script that starts others, and they may outlive it.
        end_all(process);
    }
    leash.hold(None);
    if ended.map_err(failed)?.is_none() {
        return Err(Failure::TooSlow(limits.seconds));
    }
    let docx = scratch.path().join("page.docx");
    let length = std::fs::metadata(&docx).map_err(|_| Failure::damaged(extension))?.len();
    if length > limits.file {
        return Err(Failure::limit(Limit::File, limits.file));
    }
    std::fs::read(docx).map_err(failed)
}

fn start(program: &Path, dir: &Path, from: &Path) -> std::io::Result<Child> {
    // A profile of its own: no macro of the person's is there, and a running LibreOffice is left alone.
    let profile = dir.join("profile").to_string_lossy().replace('\\', "/");
    let mut command = Command::new(program);
    // A group of its own, so that all of it can be ended together.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    if from.extension().is_some_and(|e| e == "html") {
        // Opened as a page of the web it could not be saved for Word.
        command.arg("--infilter=HTML (StarWriter)");
    }
    command
        .arg(format!("-env:UserInstallation=file:///{}", profile.trim_start_matches('/')))
        .args(["--headless", "--norestore", "--convert-to", "docx", "--outdir"])
        .arg(dir)
        .arg(from)
        .env("TMPDIR", dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Ends a process with all that it started.
fn end_all(process: u32) {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &process.to_string()]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("kill -9 -{process}")]);
        command
    };
    // There may be nothing left to end.
    let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// A page of HTML that fetches nothing: scripts, frames and every address taken out.
fn without_links(html: &[u8]) -> Result<Vec<u8>, Failure> {
    const OUT: [&str; 5] = [
        r"(?is-u)<(?:script|style|iframe|object|embed|applet)\b.*?</(?:script|style|iframe|object|embed|applet)\s*>",
        r"(?is-u)<(?:script|iframe|object|embed|applet|link|base|frame|img|input|source|video|audio)\b[^>]*>",
        r#"(?is-u)\b(?:src|srcset|href|background|data|action|poster|style)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)"#,
        r"(?is-u)@import[^;]*;",
        r"(?is-u)\burl\s*\([^)]*\)",
    ];
    OUT.iter().try_fold(html.to_vec(), |page, pattern| {
        let pattern = Regex::new(pattern).map_err(Failure::damaged)?;
        Ok(pattern.replace_all(&page, &b" "[..]).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_html_fetches_nothing() {
        let page =
            b"<p style='background:url(http://x/)'>Xin <a href=\"http://x/\">ch\xc3\xa0o</a><img src=http://x/><script>a</script></p>";
        assert_eq!(without_links(page).expect("our own patterns"), b"<p  >Xin <a  >ch\xc3\xa0o</a>  </p>");
    }
}
