using System.Text;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Reading.Counts;

namespace DtMcp.Tests.Reading.Counts;

public class CountAnswerTests
{
    private const string Terms =
        """
        {"took":17,"timed_out":false,"_shards":{"total":2,"failed":0},"hits":{"total":9,"hits":[]},"aggregations":{"terms":
         {"doc_count_error_upper_bound":2,"sum_other_doc_count":3,"buckets":[{"key":443,"doc_count":4},{"key":"53","doc_count":"2"},
         {"key":1,"key_as_string":"true","doc_count":0}]}},"darktraceChildError":"","kibana":{"per_page":50}}
        """;

    private const string Mean =
        """
        {"hits":{"total":{"value":10000,"relation":"gte"}},"timed_out":true,"_shards":{"failed":"1"},
         "aggregations":{"stats":{"count":3,"min":0.0,"max":1.2E9,"avg":null,"sum":1.2000000070E9}},"darktraceChildError":"vmprobe2"}
        """;

    private const string Graph =
        """
        {"hits":{"total":3},"aggregations":{"mean":{"buckets":[
         {"key":1768464000000,"key_as_string":"x","doc_count":2,"mean_stats":{"count":2,"min":1,"max":2,"avg":1.5,"sum":3}},
         {"key":1768467600000,"doc_count":1,"mean_stats":{"count":0,"min":null,"max":null,"avg":null,"sum":null}}]}},"kibana":{"next":1}}
        """;

    [Fact]
    public async Task Values_come_with_what_is_not_listed()
    {
        var values = await ReadAsync(Terms, CountedValues.Parse);
        Assert.Equal([("443", 4L), ("53", 2L), ("true", 0L)], values.Values.Select(value => (value.Key, value.Count)));
        Assert.Equal((9L, 3L, 2L, false, false), (values.Total, values.Other, values.MayLack, values.IsWhole, values.IsPartial));
    }

    [Fact]
    public async Task A_total_that_is_at_least_so_many_is_none_and_a_partial_answer_says_so()
    {
        var sums = await ReadAsync(Mean, FieldSums.Parse);
        Assert.Equal((null, 3L, 1_200_000_007L), (sums.Total, sums.Count, sums.Whole));
        Assert.Equal((true, "vmprobe2", 1L, true), (sums.TimedOut, sums.SilentProbe, sums.FailedShards, sums.IsPartial));
    }

    [Theory]
    [InlineData("""{"count":2,"min":-5,"max":7,"sum":2}""")]
    [InlineData("""{"count":2,"min":1,"max":9007199254740993,"sum":9007199254740994}""")]
    [InlineData("""{"count":2,"min":1,"max":2,"sum":3.5}""")]
    public async Task A_sum_that_a_double_does_not_hold_or_that_has_sizes_below_zero_is_no_whole_number(string stats) =>
        Assert.Null((await ReadAsync($$$"""{"aggregations":{"stats":{{{stats}}}}}""", FieldSums.Parse)).Whole);

    [Fact]
    public async Task A_course_names_the_day_before()
    {
        var course = await ReadAsync(Graph, CountCourse.Parse);
        Assert.Equal(1, course.Next);
        Assert.Equal([(1768464000000, 2L, 3L), (1768467600000, 1L, 0L)],
            course.Points.Select(point => (point.TimeMs, point.Count, point.Sums!.Whole!.Value)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"hits":{"total":3},"aggregations":null}""")]
    [InlineData("""{"hits":{"total":3},"aggregations":{"x":{"other":1}}}""")]
    [InlineData("""{"hits":{"total":3},"aggregations":{"terms":{"buckets":[{"key":"a"}]}}}""")]
    [InlineData("""{"hits":{"total":3},"aggregations":{"terms":{"buckets":[7]}}}""")]
    [InlineData("""{"hits":{"total":3},"aggregations":{"terms":{"buckets":{"a":1}}}}""")]
    public async Task What_counts_nothing_is_no_answer(string json)
    {
        await IsRefusedAsync(CountedValues.Parse);
        await IsRefusedAsync(FieldSums.Parse);
        if (!json.Contains("\"a\":1", StringComparison.Ordinal))
        {
            await IsRefusedAsync(CountCourse.Parse);
        }

        async Task IsRefusedAsync<T>(CompanionParser<T> parse)
        {
            var error = await Assert.ThrowsAsync<ApplianceException>(() => ReadAsync(json, parse));
            Assert.Equal(ApplianceError.BadAnswer, error.Error);
        }
    }

    [Fact]
    public async Task A_refusal_in_words_is_one_whatever_is_beside_it()
    {
        var refused = await ReadAsync("""{"error":"Invalid to/from fields in custom range"}""", CountedValues.Parse);
        Assert.Equal("Invalid to/from fields in custom range", refused.Error);
        Assert.Null((await ReadAsync(Terms.Replace("\"took\":17", "\"error\":\"\"", StringComparison.Ordinal), CountedValues.Parse)).Error);
    }

    [Fact]
    public async Task Mutated_answers_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(20261128);
        var read = 0;
        foreach (var (text, parse) in new (string, Func<string, Task>)[]
        {
            (Terms, json => ReadAsync(json, CountedValues.Parse)),
            (Mean, json => ReadAsync(json, FieldSums.Parse)),
            (Graph, json => ReadAsync(json, CountCourse.Parse)),
        })
        {
            for (var i = 0; i < 4_000; i++)
            {
                var body = Mutations.Of(Encoding.UTF8.GetBytes(text), random);
                try
                {
                    await parse(Encoding.Latin1.GetString(body));
                    read++;
                }
                catch (ApplianceException error)
                {
                    Assert.Equal(ApplianceError.BadAnswer, error.Error);
                }
            }
        }

        Assert.InRange(read, 1_000, 11_000);
    }

    private static Task<T> ReadAsync<T>(string json, CompanionParser<T> parse) =>
        CompanionBody.ReadAsync(new MemoryStream(Encoding.Latin1.GetBytes(json)), parse, TestContext.Current.CancellationToken);
}
