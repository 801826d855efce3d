using System.Reflection;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>Thresholds that make no sense together are refused here, before they find anything.</summary>
public class HuntRulesTests
{
    private static readonly Dictionary<string, double> Rules = typeof(HuntRules)
        .GetFields(BindingFlags.Static | BindingFlags.Public).ToDictionary(
            field => field.Name, field => Convert.ToDouble(field.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Each_is_a_positive_number_and_shares_are_of_one()
    {
        Assert.All(Rules, rule => Assert.InRange(rule.Value, double.Epsilon, 1e12));
        string[] shares =
        [
            "RegularLow", "RegularMedium", "NearPeriod", "PolledFilled", "OneSizeShare", "RefusedShare", "MaxDevices", "ScanFailed",
            "ScanUsual", "HammeredShare", "LongShare", "LongShareMedium", "JitterLow", "JitterMedium", "JitterHigh", "JitterFew",
            "SizeSpreadHigh", "SizeSpreadSteady", "SizeSpreadFew", "SkewMedium", "SkewSpread", "SamePeriod", "SameSize", "WebGuessSize",
            "InventoryShare", "InventoryAlive", "ManagedServers", "MailUsual",
        ];
        Assert.All(shares, name => Assert.InRange(Rules[name], 0.001, 1));
    }

    [Theory]
    [InlineData("BeatsLow", "BeatsMedium", "BeatsHigh")]
    [InlineData("JitterHigh", "JitterMedium", "JitterLow")]
    [InlineData("RegularLow", "RegularMedium")]
    [InlineData("SizeSpreadSteady", "SizeSpreadFew", "SizeSpreadHigh")]
    [InlineData("Popular", "VeryPopular")]
    [InlineData("UploadLow", "UploadMedium", "UploadMediumUnknown", "UploadMediumBusy", "UploadMediumMail", "UploadHigh")]
    [InlineData("ScanHighMs", "ScanMediumMs", "Day")]
    [InlineData("GuessesIn", "GuessesInside", "GuessesOut", "GuessesHigh", "Hammered")]
    [InlineData("LateralMedium", "LateralHigh")]
    [InlineData("SpreadHosts", "ManagedHosts")]
    [InlineData("LongInShortMs", "LongInShortMediumMs", "LongMs", "LongMediumMs")]
    [InlineData("LongShare", "LongShareMedium")]
    [InlineData("IdleBytesASecond", "ChatBytesASecond")]
    [InlineData("ReachesBackMs", "UsualMs")]
    [InlineData("HabitPauseMs", "HabitSpanMs")]
    [InlineData("MailHighMs", "MailMediumMs", "Day", "SameHoursMs")]
    public void What_is_surer_asks_for_more(params string[] names) =>
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(
            Rules[pair.First] < Rules[pair.Second], $"{pair.First} is {Rules[pair.First]}, {pair.Second} {Rules[pair.Second]}."));

    [Fact]
    public void What_is_let_go_while_reading_is_below_what_rules_look_at()
    {
        Assert.True(ChannelQuery.LongMs <= HuntRules.LongInShortMs);
        Assert.True(ChannelQuery.UploadConnectionBytes <= HuntRules.UploadLow);
        Assert.True(HuntRules.FewestGuesses <= new[] { HuntRules.GuessesIn, HuntRules.GuessesInside, HuntRules.GuessesOut }.Min());
    }
}
