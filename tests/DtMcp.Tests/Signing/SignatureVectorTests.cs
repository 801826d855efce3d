using System.Globalization;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Signing;

namespace DtMcp.Tests.Signing;

public class SignatureVectorTests
{
    public static TheoryData<string> Vectors =>
    [
        "guide_modelbreaches", "sdk_devices", "network_from_to", "network_starttime_endtime", "devicesearch_quotes_and_blanks",
        "enums_blank", "status_booleans",
    ];

    [Fact]
    public void Every_vector_file_is_listed() =>
        Assert.Equal(
            Vectors.Select(static row => row.Data).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_signature_of_a_vector_is_computed_and_its_wire_form_sent(string name)
    {
        var vector = Read(name);
        var asked = Ask(vector["request"]);

        Assert.Equal(vector["request"], Request.Build(asked, encoded: false));
        Assert.Equal(vector["wire"], Request.Target(asked));
        var text = StringToSign.Build(Request.Build(asked, encoded: false), vector["public"], vector["date"]);
        Assert.Equal($"{vector["request"]}\n{vector["public"]}\n{vector["date"]}", text);
        Assert.Equal(vector["signature"], Signature.Compute(new Secret(vector["private"]), text));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_signer_gives_the_headers_of_a_vector(string name)
    {
        var vector = Read(name);
        var format = vector["date"].Contains('T', StringComparison.Ordinal) ? DateFormat.Compact : DateFormat.Spaced;
        var now = DateTimeOffset.ParseExact(
            vector["date"], ["yyyyMMdd'T'HHmmss", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        var headers = new Signer(vector["public"], new Secret(vector["private"]), format).Sign(Ask(vector["request"]),
            now.ToOffset(TimeSpan.FromHours(5)));

        Assert.Equal(new SignatureHeaders(vector["public"], vector["date"], vector["signature"]), headers);
    }

    [Fact]
    public void Parameters_in_another_order_have_another_signature()
    {
        var vector = Read("guide_modelbreaches");
        var sorted = Ask("/modelbreaches?endtime=1704070800000&starttime=1701388800000");

        var text = StringToSign.Build(Request.Build(sorted, encoded: false), vector["public"], vector["date"]);

        Assert.StartsWith("2e21c6ba", Signature.Compute(new Secret(vector["private"]), text), StringComparison.Ordinal);
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Signing", "Vectors");

    private static Dictionary<string, string> Read(string name) =>
        File.ReadAllLines(Path.Combine(Folder, name + ".txt")).Select(static line => line.Split(": ", 2)).ToDictionary(static pair =>
            pair[0], static pair => pair[1]);

    private static ApplianceRequest Ask(string request)
    {
        var parts = request.Split('?', 2);
        var pairs = parts.Length == 1
            ? []
            : parts[1].Split('&').Select(static pair => pair.Split('=', 2)).Select(static pair => new Parameter(pair[0], pair[1]));
        return new ApplianceRequest(parts[0], [.. pairs]);
    }
}
