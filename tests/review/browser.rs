//! A headless Chromium, driven as a person would use it; none where none is installed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A driver and the folder into which its browser downloads.
pub struct Browser {
    driver: Child,
    port: u16,
    pub downloads: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// `None` where there is no chromedriver; on a machine that builds for everybody (`CI`) its absence is a failure.
    pub fn start() -> Option<Self> {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let started = Command::new(program).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(e) => {
                assert!(std::env::var_os("CI").is_none(), "chromedriver: {e}");
                return None;
            }
        };
        let mut lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
        let said = lines.find_map(|l| l.ok().filter(|l| l.contains("on port ") && l.contains("success"))).expect("it says its port");
        let port = said.rsplit(' ').next().and_then(|p| p.trim_end_matches('.').parse().ok()).expect("a port");
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { driver, port, downloads: tempfile::tempdir().expect("a folder") })
    }

    /// A fresh window, with a memory of its own or, when `forgetful`, with none at all.
    pub async fn window(&self, forgetful: bool) -> Window {
        let mut prefs = json!({ "download.default_directory": self.downloads.path(), "download.prompt_for_download": false });
        if forgetful {
            prefs["profile.default_content_setting_values.cookies"] = json!(2);
        }
        let args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1440,900", "--lang=vi"];
        let wanted = json!({
            "goog:chromeOptions": { "args": args, "prefs": prefs },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(wanted) = wanted else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{}", self.port)).await.expect("a window");
        Window { client }
    }

    /// The text of a downloaded file, once it is there whole.
    pub async fn downloaded(&self, name: &str) -> String {
        let path = self.downloads.path().join(name);
        for _ in 0..400 {
            if let Some(text) = std::fs::read_to_string(&path).ok().filter(|t| !t.is_empty()) {
                std::fs::remove_file(&path).expect("removes");
                return text;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{} was never downloaded", path.display());
    }
}

/// A window of the browser.
pub struct Window {
    pub client: Client,
}

impl Window {
    pub async fn open(&self, file: &Path) {
        let url = url(file);
        self.client.goto(&url).await.expect("opens");
    }

    pub async fn text(&self, css: &str) -> String {
        self.client.find(Locator::Css(css)).await.expect(css).text().await.expect(css)
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect(css).len()
    }

    pub async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.expect(css).click().await.expect(css);
    }

    /// Keys on whatever has the focus.
    pub async fn press(&self, keys: &str) {
        self.client.active_element().await.expect("a focus").send_keys(keys).await.expect("keys");
    }

    pub async fn press_key(&self, key: Key) {
        self.press(&key.to_string()).await;
    }

    /// `Ctrl` and a letter.
    pub async fn control(&self, letter: char) {
        self.press(&format!("{}{letter}{}", char::from(Key::Control), char::from(Key::Null))).await;
    }

    /// What `script` gives.
    pub async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect(script)
    }

    /// Waits until `condition` holds in the page.
    pub async fn until(&self, condition: &str) {
        for _ in 0..400 {
            // A page that is just being made anew has no answer.
            let script = format!("return Boolean({condition})");
            if self.client.execute(&script, Vec::new()).await.is_ok_and(|held| held == json!(true)) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("never: {condition}");
    }

    /// Sets a field as its picker would, and says so to the page.
    pub async fn fill(&self, css: &str, value: &str) {
        let script = "const [css, value] = arguments; const field = document.querySelector(css); field.value = value; \
                      field.dispatchEvent(new Event('input', { bubbles: true })); field.dispatchEvent(new Event('change', { bubbles: true }));";
        self.client.execute(script, vec![json!(css), json!(value)]).await.expect(css);
    }

    /// A picture of the window, where `SHOTS` names a folder.
    pub async fn shot(&self, name: &str) {
        if let Some(dir) = std::env::var_os("SHOTS") {
            let picture = self.client.screenshot().await.expect("a picture");
            std::fs::write(PathBuf::from(dir).join(format!("{name}.png")), picture).expect("writes");
        }
    }

    pub async fn close(self) {
        self.client.close().await.expect("closes");
    }
}

/// The address of a file on this machine.
fn url(file: &Path) -> String {
    let path = file.canonicalize().expect("a file").to_string_lossy().replace('\\', "/");
    let path = path.trim_start_matches("//?/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", path.replace('%', "%25").replace(' ', "%20").replace('#', "%23"))
}
