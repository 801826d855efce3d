using System.Buffers.Text;
using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Requests;

public class CountRequestTests
{
    private static readonly TimeWindow Hour = new(1768464000000, 1768467600001);

    [Fact]
    public void A_count_travels_in_the_path_after_its_field_and_kind()
    {
        Assert.StartsWith("/advancedsearch/api/analyze/@fields.dest_ip/terms/eyJ",
            CountRequest.Values("@type:conn", Hour, ConnField.DestinationIp).Path, StringComparison.Ordinal);
        Assert.StartsWith("/advancedsearch/api/analyze/@fields.orig_bytes/mean/eyJ",
            CountRequest.Sums("@type:conn", Hour, ConnField.OriginatorBytes).Path, StringComparison.Ordinal);
        Assert.Matches("^/advancedsearch/api/graph/count/3600000/[A-Za-z0-9_-]+$",
            CountRequest.Course("@type:conn", Hour, TimeSpan.FromHours(1), null, 0).Path);
        var mean = CountRequest.Course("@type:conn", Hour, TimeSpan.FromSeconds(60), ConnField.ResponderBytes, 2).Path;
        Assert.Matches("^/advancedsearch/api/graph/mean/60000/[A-Za-z0-9_-]+/2$", mean);
        Assert.Equal(
            """{"search":"@type:conn","fields":[],"offset":0,"timeframe":"custom","time":{"from":"2026-01-15T08:00:00.000Z","""
            + """ "to":"2026-01-15T09:00:00.001Z","user_interval":"0"},"size":0,"analyze_field":"@fields.resp_bytes"}""".TrimStart(),
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(mean.Split('/')[^2])));
    }

    [Fact]
    public void What_cannot_be_counted_is_refused_before_it_is_sent()
    {
        Assert.Equal(ApplianceError.InvalidArgument,
            Assert.Throws<ApplianceException>(() => CountRequest.Sums("@type:conn", Hour, ConnField.Protocol)).Error);
        Assert.Equal(ApplianceError.InvalidArgument,
            Assert.Throws<ApplianceException>(() => CountRequest.Values(new string('a', 4_000), Hour, ConnField.Protocol)).Error);
        Assert.Equal(ApplianceError.InvalidArgument,
            Assert.Throws<ApplianceException>(() => CountRequest.Course("@type:conn", Hour, TimeSpan.FromDays(2), null, 0)).Error);
        Assert.Equal(ApplianceError.InvalidArgument,
            Assert.Throws<ApplianceException>(() => CountRequest.Course("@type:conn", Hour, TimeSpan.FromHours(1), null, -1)).Error);
        Assert.Equal(ApplianceError.InvalidArgument,
            Assert.Throws<ApplianceException>(() => ConnTerm.Is(ConnField.Service, "a\" OR \"b")).Error);
    }

    [Fact]
    public void Conditions_stand_in_brackets_of_their_own()
    {
        Assert.True(AddressRange.TryParse("192.0.2.0/24", out var v4));
        Assert.True(AddressRange.TryParse("fe80::/10", out var v6));
        Assert.True(AddressRange.TryParse("203.0.113.7", out var one));
        var term = ConnTerm.All(
            ConnTerm.Any(ConnTerm.Is(ConnField.DestinationPort, 443), ConnTerm.Has(ConnField.Service).Not()),
            ConnTerm.In(ConnField.SourceIp, [v4, v6, one]));

        Assert.Equal(
            "((@fields.dest_port:\"443\" OR (@type:conn AND NOT _exists_:\"@fields.service\")) AND "
            + "@fields.source_ip:([192.0.2.0 TO 192.0.2.255] OR [\"fe80::\" TO \"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff\"]"
            + " OR \"203.0.113.7\"))",
            term.Text);
        Assert.Contains($" AND {term.Text} AND @fields.epochdate:>",
            ConnSearchText.Build(new ConnSearch { Window = Hour, Where = term }), StringComparison.Ordinal);
        Assert.True(DarktraceClient.CanCount(new ConnSearch { Window = Hour, Where = term }));
        Assert.False(DarktraceClient.CanCount(new ConnSearch
        {
            Window = Hour,
            Ips = [.. Enumerable.Range(1, 120).Select(static i => TextAddress.Of($"192.0.2.{i}"))],
        }));
    }
}
