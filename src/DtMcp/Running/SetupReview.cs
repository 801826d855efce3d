using DtMcp.Configuration;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Traffic.Answers;

namespace DtMcp.Running;

/// <summary>Goes through all settings and says all that is wrong with them: whoever mends them wants to hear it once.</summary>
internal static class SetupReview
{
    /// <summary>The code of an error of set-up, beside those of the appliance.</summary>
    public const string Code = "not_set_up";

    public const string FirstStart =
        "Nothing is set up yet. Set DARKTRACE_HOST, DARKTRACE_PUBLIC_TOKEN_FILE and DARKTRACE_PRIVATE_TOKEN_FILE in the client's " +
        "configuration of this server, or add --demo to its arguments to try DtMcp on made-up traffic, without an appliance.";

    private static readonly Uri Nowhere = new("https://localhost");

    /// <summary>What stands in the way of asking an appliance, or with <paramref name="isDemo"/> the emulated one.</summary>
    public static IReadOnlyList<SetupProblem> Problems(Settings settings, bool isDemo, TimeProvider clock)
    {
        List<SetupProblem> problems = [.. settings.Problems.Select(problem => new SetupProblem("settings", problem))];
        if (settings.IsFirstStart && !isDemo)
        {
            problems.Add(new SetupProblem("settings", FirstStart));
        }
        else if (!isDemo)
        {
            foreach (var (name, own) in Appliances(settings))
            {
                problems.AddRange(Of(own, name, ProgramOptions.Needed));
            }
        }

        foreach (var (name, own) in Appliances(settings))
        {
            IEnumerable<SetupProblem?> wrong = [.. Of(own, name, ProgramOptions.Shared), isDemo ? null : Trust(own, name, clock)];
            problems.AddRange(wrong.OfType<SetupProblem>());
        }

        return problems;
    }

    /// <summary>
    /// <c>check_appliance</c> of a set-up that cannot be followed: what is wrong, what is right, and what other users may read.
    /// </summary>
    public static Digest Report(IReadOnlyList<SetupProblem> problems, Settings settings)
    {
        var wrong = problems.Select(problem => problem.Check).ToHashSet(StringComparer.Ordinal);
        IEnumerable<IReadOnlyList<Cell>> right = settings.Appliances.Count > 0
            ? []
            : ProgramOptions.Needed.Where(needed => !wrong.Contains(needed.Option.Name) && IsRight(settings, needed.Check)).Select(needed =>
                Row(needed.Option.Name, "ok", "is set"));
        List<IReadOnlyList<Cell>> rows = [.. problems.Select(problem => Row(problem.Check, Code, problem.Text)), .. right];
        return new Digest
        {
            Tool = "check_appliance",
            Scope = new Scope { Appliance = "none" },
            Totals = [new Field("evidence_to_expect", Cell.Of("none")), new Field("to_mend", Cell.Of((long)problems.Count))],
            Tables = [new Table { Name = "checks", Of = rows.Count, Columns = ["check", "result", "needed_for", "detail"], Rows = rows }],
            Notes =
            [
                .. settings.Warnings,
                "Nothing was asked of an appliance. Files are read again with the next call; a changed environment or argument needs a " +
                "restart of the server in its client.",
            ],
        };
    }

    private static IReadOnlyList<Cell> Row(string check, string result, string detail) =>
        [Cell.Of(check), Cell.Of(result), Cell.Of("anything at all"), Cell.Sentence(detail)];

    private static IEnumerable<(string? Name, Settings Settings)> Appliances(Settings settings) =>
        settings.Appliances.Count > 0 ? settings.Appliances.Select(one => ((string?)one.Name, one.Settings)) : [(null, settings)];

    private static IEnumerable<SetupProblem> Of(Settings settings, string? appliance,
        IReadOnlyList<(OptionEntry Option, Action<Settings> Check)> checks)
    {
        foreach (var (option, check) in checks)
        {
            if (Refusal(settings, check) is { } refusal)
            {
                yield return Named(option, appliance, refusal);
            }
        }
    }

    private static SetupProblem Named(OptionEntry option, string? appliance, string text) =>
        new(option.Name, appliance is null ? text : $"Appliance {appliance} of appsettings.json: {text}");

    private static bool IsRight(Settings settings, Action<Settings> check) => Refusal(settings, check) is null;

    private static string? Refusal(Settings settings, Action<Settings> check)
    {
        try
        {
            check(settings);
            return null;
        }
        catch (SetupException refused)
        {
            return refused.Message;
        }
    }

    // Certificate files are read when a client is made; which host it is for does not matter.
    private static SetupProblem? Trust(Settings settings, string? appliance, TimeProvider clock)
    {
        try
        {
            DarktraceClient.Create(
                new DarktraceOptions
                {
                    Host = Nowhere,
                    PublicToken = "none",
                    PrivateToken = new Secret("none"),
                    CaFile = settings.Text(OptionCatalog.CaFile),
                    CertSha256 = settings.Text(OptionCatalog.CertSha256),
                },
                clock, null).Dispose();
            return null;
        }
        catch (ApplianceException refused)
        {
            var option = settings.Text(OptionCatalog.CaFile) is null ? OptionCatalog.CertSha256 : OptionCatalog.CaFile;
            return Named(option, appliance, $"{refused.Happened} {refused.Remedy}");
        }
    }
}
