//! Has LibreOffice turn what only it can read (DOC, RTF, ODT, HTML) into DOCX, in a folder that goes when it is done.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control};
use regex::bytes::Regex;

use super::failure::Failure;
use super::limits::Limits;

/// The bytes of a DOCX with the words of `bytes`, a file of the kind `extension`.
pub(super) fn to_docx(program: Option<&Path>, bytes: &[u8], extension: &str, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let Some(program) = program else { return Err(Failure::Missing("libreoffice".to_owned())) };
    let failed = |e: std::io::Error| Failure::Crashed(format!("libreoffice: {e}"));
    let dir = tempfile::Builder::new().prefix("plan-ingest-").tempdir().map_err(failed)?;
    let from = dir.path().join(format!("page.{extension}"));
    let inner = if extension == "html" { without_links(bytes)? } else { bytes.to_vec() };
    std::fs::write(&from, inner).map_err(failed)?;
    // A profile of its own: no macro of the person's is there, and a running LibreOffice is left alone.
    let profile = dir.path().join("profile").to_string_lossy().replace('\\', "/");
    let mut command = Command::new(program);
    if extension == "html" {
        // Opened as a page of the web it could not be saved for Word.
        command.arg("--infilter=HTML (StarWriter)");
    }
    let child = command
        .arg(format!("-env:UserInstallation=file:///{}", profile.trim_start_matches('/')))
        .args(["--headless", "--norestore", "--convert-to", "docx", "--outdir"])
        .arg(dir.path())
        .arg(&from)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let control = child.controlled_with_output().time_limit(Duration::from_secs(limits.seconds)).terminate_for_timeout();
    if control.wait().map_err(failed)?.is_none() {
        return Err(Failure::TooSlow(limits.seconds));
    }
    std::fs::read(dir.path().join("page.docx")).map_err(|_| Failure::damaged(extension))
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
