using DtMcp.Tools.Arguments;

namespace DtMcp.Prompts;

/// <summary>Every prompt: one investigation each, in the order an analyst works.</summary>
internal static class PromptCatalog
{
    private const int LongestInput = 256;

    private static readonly PromptInput Device = new("device", "Host name, label, MAC, IP or did of the device.", Required: true);

    private static readonly PromptInput Last = new("last", "How far back, such as 24h or 7d; 24h when left out.", Required: false);

    public static IReadOnlyList<PromptDefinition> All { get; } =
    [
        new(
            "investigate_device", "Investigate a device", "What one device did, with whom, and whether any of it needs attention.",
            [Device, Last],
            inputs => $"""
                Investigate the device "{inputs["device"]}" over the last {inputs["last"]}.
                1. find_devices to learn its did; ask me if several fit.
                2. analyze_device_activity for that did: what is unusual in its destinations, ports and model breaches?
                3. hunt_traffic and compare_traffic for the same did.
                Report what stands out with its figures and times (UTC), which evidence the answers stand on, and what they could not tell.
                Do not guess beyond the figures.
                """),
        new(
            "review_day", "Review a day", "What an analyst should look at today: new, suspicious and largest.", [Last],
            inputs => $"""
                Review the network traffic of the last {inputs["last"]}.
                1. summarize_network_traffic and summarize_external_traffic for the picture.
                2. compare_traffic against=day for what is new, gone and grown.
                3. hunt_traffic for beacons, uploads, scans and admin ports to the outside.
                List the three things most worth a look, each with who, when, figures, and the innocent explanation to rule out first.
                """),
        new(
            "find_uploads", "Find uploads", "Who sends data to the Internet, and whether that is usual for them.", [Last],
            inputs => $"""
                Find who uploaded data to the Internet in the last {inputs["last"]}.
                1. hunt_traffic kind=upload, then summarize_external_traffic.
                2. For each candidate, analyze_device_activity and compare_traffic against=week.
                Say for each whether it is usual for that device, where the data went (country, network), how much and when.
                """),
    ];

    public static PromptDefinition? Find(string name) => All.FirstOrDefault(prompt => prompt.Name == name);

    /// <summary>The words of a prompt; what is wrong with its arguments is said as for a tool.</summary>
    public static string Write(PromptDefinition prompt, IEnumerable<KeyValuePair<string, string>> given)
    {
        Dictionary<string, string> inputs = new(StringComparer.Ordinal) { [Last.Name] = "24h" };
        foreach (var (name, value) in given)
        {
            if (prompt.Inputs.All(input => input.Name != name))
            {
                throw Refusal.Of($"{prompt.Name} has no argument {Refusal.Shown(name)}.",
                    $"It takes {string.Join(", ", prompt.Inputs.Select(input => input.Name))}.");
            }

            if (value.Length > LongestInput || value.Any(char.IsControl))
            {
                throw Refusal.Of($"{name} is {Refusal.Shown(value)}.",
                    $"It takes a text of at most {LongestInput} characters on one line.");
            }

            if (value.Trim() is { Length: > 0 } text)
            {
                inputs[name] = text;
            }
        }

        return prompt.Inputs.FirstOrDefault(input => input.Required && !inputs.ContainsKey(input.Name)) is { } missing
            ? throw Refusal.Of($"{missing.Name} is missing.", $"{prompt.Name} needs it: {missing.Description}")
            : prompt.Words(inputs);
    }
}
