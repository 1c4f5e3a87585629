"""A real Chromium against the real server. Pages are opened as a person would, in several sizes and schemes."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,900",
]


class Browser:
    """The few things tests do with a page."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)

    def log_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.open("/healthz")
        self.driver.add_cookie(
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            }
        )

    def log_out(self) -> None:
        self.driver.delete_all_cookies()

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def wait(self, condition: Callable[[], object]) -> object:
        """Wait until a condition holds; what it looks at may be drawn anew, or give way to another page."""
        wait = WebDriverWait(
            self.driver, 20, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException]
        )
        return wait.until(lambda _: condition())

    def click(self, css: str) -> None:
        """Press a button or follow a link, and wait for the page that comes of it."""
        here = self.find("html")
        self.find(css).click()
        self.wait(lambda: self.find("html") != here)

    def press(self, *keys: str, holding: str = "", new_page: bool = False) -> None:
        """Press keys wherever the focus is, as a hand on the keyboard does, `holding` one such as Shift."""
        here = self.find("html")
        actions = ActionChains(self.driver)
        if holding:
            actions.key_down(holding).send_keys(*keys).key_up(holding).perform()
        else:
            actions.send_keys(*keys).perform()
        if new_page:
            self.wait(lambda: self.find("html") != here)

    def carry_out(self) -> None:
        """Press Ctrl+Enter, which carries a decision out, and wait for the page that comes of it."""
        self.press(Keys.ENTER, holding=Keys.CONTROL, new_page=True)

    def save(self, css: str = "[name=_save]") -> None:
        """Press a button of the editor, and wait until it says that the text is saved."""
        self.driver.execute_script("document.querySelector('[data-saved]').dataset.state = ''")
        self.find(css).click()
        self.wait(lambda: self.find("[data-saved]").get_attribute("data-state") == "version")

    def sheet(self, name: str) -> None:
        """Show a sheet of the editor."""
        if not self.find(f"[name=beside][value={name}]").is_selected():
            self.find(f"label:has(> [name=beside][value={name}])").click()

    def reveal(self, css: str) -> WebElement:
        """Show the sheet of the editor in which an element stands, and return the element."""
        element = self.find(css)
        sheet = self.driver.execute_script(
            "const sheet = arguments[0].closest('[data-sheet]');"
            "return sheet && !sheet.checkVisibility() ? sheet.dataset.sheet : null",
            element,
        )
        if sheet:
            self.sheet(sheet)
        return element

    def type(self, css: str, text: str) -> None:
        """Put a text into a field as pasting does; typing every key is slow and knows no astral characters."""
        element = self.find(css)
        self.reveal(css)
        element.clear()
        self.driver.execute_script(
            "arguments[0].focus(); document.execCommand('insertText', false, arguments[1])", element, text
        )

    @property
    def text(self) -> str:
        return self.find("main, #content").text

    def size(self, width: int, height: int = 900) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def scheme(self, name: str) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]}
        )

    def script(self, *, enabled: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not enabled})

    def complaints(self) -> list[str]:
        """What the console holds: policy violations, script errors, missing files."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    # The same engine without the windows around it takes half the processor time.
    if shell := shutil.which("chromium-headless-shell"):
        options.binary_location = shell
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    yield chrome
    chrome.quit()


@pytest.fixture
def browser(driver: webdriver.Chrome, live_server) -> Iterator[Browser]:
    page = Browser(driver, live_server.url)
    page.size(1280)
    page.scheme("light")
    page.script(enabled=True)
    page.complaints()  # of the page before
    yield page
    page.log_out()
    driver.get("about:blank")
