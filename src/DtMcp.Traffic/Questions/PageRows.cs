namespace DtMcp.Traffic.Questions;

/// <summary>How much of an answer fits the detail that is asked for.</summary>
public static class PageRows
{
    /// <summary>Most tokens of an answer, o200k.</summary>
    public static int Budget(Detail detail) => detail switch
    {
        Detail.Brief => 600,
        Detail.Full => 8000,
        _ => 2000,
    };

    /// <summary>The rows of a table that are asked for, and no more than any page of that detail can show.</summary>
    internal static int Of(Question question)
    {
        var asked = question.Limit ?? question.Detail switch { Detail.Brief => 5, Detail.Full => 50, _ => 10 };
        return question.NoBudget ? asked : Math.Min(asked, Most(question.Detail));
    }

    /// <summary>More rows of a table than this fit no budget: none costs less than two tokens.</summary>
    private static int Most(Detail detail) => (Budget(detail) / 2) + 1;
}
