// Checks each PDF that is named against PDF/UA-1 with veraPDF's library and its profile, and says every rule that is
// broken. Exit code 1 if any is, or if no file was named. README.md beside this file says how to run it.

import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

class PdfUa1 {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        boolean good = files.length > 0;
        for (String file : files) {
            try (var parser = foundry.createParser(new File(file), PDFAFlavour.PDFUA_1);
                    var validator = foundry.createValidator(PDFAFlavour.PDFUA_1, false)) {
                var result = validator.validate(parser);
                good &= result.isCompliant();
                System.out.printf("%s: %s (%d rules, %d checks)%n", file,
                        result.isCompliant() ? "PDF/UA-1" : "NOT PDF/UA-1",
                        result.getValidationProfile().getRules().size(), result.getTotalAssertions());
                for (TestAssertion broken : result.getTestAssertions()) {
                    if (broken.getStatus() == TestAssertion.Status.FAILED) {
                        System.out.printf("  clause %s, test %d: %s%n    at %s%n", broken.getRuleId().getClause(),
                                broken.getRuleId().getTestNumber(), broken.getMessage(),
                                broken.getLocation().getContext());
                    }
                }
            }
        }
        System.exit(good ? 0 : 1);
    }
}
