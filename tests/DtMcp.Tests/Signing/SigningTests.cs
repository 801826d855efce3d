using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Signing;

namespace DtMcp.Tests.Signing;

public class SigningTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 10, 0, 0, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(DateFormat.Spaced, "2026-01-15 09:00:00")]
    [InlineData(DateFormat.Extended, "2026-01-15T09:00:00")]
    [InlineData(DateFormat.Compact, "20260115T090000")]
    public void The_date_is_utc_in_the_chosen_form(DateFormat format, string expected) =>
        Assert.Equal(expected, RequestDate.Build(Now, format));

    [Fact]
    public void A_secret_never_shows()
    {
        var secret = new Secret("very-private");

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("token\n")]
    [InlineData("to ken")]
    [InlineData("tökén")]
    public void A_secret_that_was_copied_badly_is_not_well_formed(string value) => Assert.False(new Secret(value).IsWellFormed);

    [Fact]
    public void Plus_percent_ampersand_and_non_ascii_are_signed_as_they_are_and_sent_encoded()
    {
        var asked = new ApplianceRequest("/devicesearch", [new Parameter("query", "a+b%&c=ü")]);

        Assert.Equal("/devicesearch?query=a+b%&c=ü", Request.Build(asked, encoded: false));
        Assert.Equal("/devicesearch?query=a%2Bb%25%26c%3D%C3%BC", Request.Target(asked));
        Assert.Equal(Request.Target(asked), Request.Build(asked, encoded: true));
    }

    [Fact]
    public void A_body_is_signed_after_a_question_mark()
    {
        var asked = new ApplianceRequest("/advancedsearch/api/search", []) { Json = """{"hash":"e30="}""" };

        Assert.Equal("""/advancedsearch/api/search?{"hash":"e30="}""", Request.Build(asked, encoded: false));
        Assert.Equal("/advancedsearch/api/search", Request.Target(asked));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    public void Control_characters_are_refused(string value)
    {
        var error = Assert.Throws<ApplianceException>(() => new ApplianceRequest("/network", [new Parameter("metric", value)]));

        Assert.Equal("invalid_argument", error.Code);
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDC00)]
    public void Half_characters_are_refused(int half) =>
        Assert.Throws<ApplianceException>(() => new ApplianceRequest("/network", [new Parameter("metric", $"a{(char)half}b")]));

    [Fact]
    public void Whole_characters_beyond_the_basic_plane_are_sent() =>
        Assert.Equal("/network?metric=%F0%9F%98%80",
            Request.Target(new ApplianceRequest("/network", [new Parameter("metric", char.ConvertFromUtf32(0x1F600))])));
}
