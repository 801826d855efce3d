using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Requests;

public class AdvancedSearchRequestTests
{
    private static readonly TimeWindow Hour = new(1768464000000, 1768467600001);

    [Fact]
    public void A_search_travels_in_the_path_as_url_safe_base64()
    {
        var asked = AdvancedSearchRequest.Build("@type:conn AND @fields.proto:\"tcp\"", Hour, 10_000, 500);

        Assert.Null(asked.Json);
        var text = asked.Path["/advancedsearch/api/search/".Length..];
        Assert.DoesNotMatch("[^A-Za-z0-9_-]", text);
        Assert.Equal(
            """{"search":"@type:conn AND @fields.proto:\"tcp\"","fields":[],"offset":10000,"timeframe":"custom","time":"""
            + """{"from":"2026-01-15T08:00:00.000Z","to":"2026-01-15T09:00:00.001Z","user_interval":"0"},"size":500}""",
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)));
    }

    [Fact]
    public void A_long_search_is_posted()
    {
        var ips = Enumerable.Range(1, 120).Select(static i => TextAddress.Of($"192.0.2.{i}")).ToArray();

        var asked = AdvancedSearchRequest.Build(ConnSearchText.Build(new ConnSearch { Window = Hour, Ips = ips }), Hour, 0, 50);

        Assert.Equal("/advancedsearch/api/search", asked.Path);
        using var body = JsonDocument.Parse(asked.Json!);
        var json = Encoding.UTF8.GetString(Convert.FromBase64String(body.RootElement.GetProperty("hash").GetString()!));
        Assert.Contains("@fields.dest_ip:\\\"192.0.2.120\\\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_become_terms_that_must_all_match() => Assert.Equal(
        "@type:conn AND (@fields.source_ip:\"192.0.2.7\" OR @fields.dest_ip:\"192.0.2.7\") AND (@fields.source_port:\"53\" OR " +
        "@fields.dest_port:\"53\")"
        + " AND @fields.source_port:\"1\" AND @fields.dest_port:\"2\" AND @fields.proto:\"udp\" AND @fields.service:\"dns\""
        + " AND @fields.epochdate:>1768463999.999499 AND @fields.epochdate:<1768467600.001500",
        ConnSearchText.Build(new ConnSearch
        {
            Window = Hour,
            Ips = [TextAddress.Of("192.0.2.7")],
            Port = 53,
            SourcePort = 1,
            DestinationPort = 2,
            Protocol = "UDP",
            Services = ["dns"],
        }));

    [Fact]
    public void A_quotation_mark_cannot_leave_its_term()
    {
        var error = Assert.Throws<ApplianceException>(() =>
            ConnSearchText.Build(new ConnSearch { Window = Hour, Services = ["x\" OR \"y"] }));

        Assert.Equal("invalid_argument", error.Code);
    }
}
