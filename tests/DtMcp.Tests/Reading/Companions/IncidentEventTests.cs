using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Tests.Reading.Companions;

public class IncidentEventTests
{
    [Fact]
    public void An_event_says_who_what_when_and_how_sure()
    {
        var one = Read("""
            {"id":"a1","title":"Unusual Repeated Connections","category":"critical","aiaScore":"56.5","currentGroup":"ga1",
             "acknowledged":{"username":"night.shift","time":1768467000000},"groupPreviousGroups":null,
             "summary":{"valueType":"formatString","value":"..{}..","replacements":[{"value":"x"}]},
             "periods":[{"start":1768461000314,"end":1768462000000},{"start":1768460000314,"end":1768461000000}],
             "breachDevices":[{"identifier":null,"hostname":null,"ip":null,"did":212},{"hostname":"nobody","did":null}],
             "details":[{"blockType":"x","blocks":[{"bulletBlocks":[[{"detailKey":null,"detailValues":[1]}]]}]}]}
            """)!;

        Assert.Equal(
            ("a1", "Unusual Repeated Connections", "critical", 56.5, "ga1"),
            (one.Id, one.Title, one.Category, one.Score, one.Group));
        Assert.Equal((1768460000314, 1768462000000), (one.StartMs, one.EndMs));
        Assert.True(one.IsAcknowledged);
        Assert.Equal(212, Assert.Single(one.Devices).Did);
    }

    [Theory]
    [InlineData("""{"id":"a1","breachDevices":[],"periods":null,"createdAt":1768467000778,"aiaScore":98}""", 1768467000778)]
    [InlineData("""{"id":"a1","breachDevices":null,"periods":[{"start":null,"end":5}],"sender":"person@example.test"}""", null)]
    public void What_is_missing_is_unknown(string text, long? start)
    {
        var one = Read(text)!;
        Assert.Equal(start, one.StartMs);
        Assert.Empty(one.Devices);
        Assert.Null(one.Title);
    }

    [Fact]
    public void An_event_without_an_id_is_none() => Assert.Null(Read("""{"title":"x"}"""));

    private static IncidentEvent? Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        reader.Read();
        var one = IncidentEvent.Parse(ref reader);
        Assert.Equal(JsonTokenType.EndObject, reader.TokenType);
        return one;
    }
}
