namespace DtMcp.Configuration;

/// <summary>The program's version, as the build has it.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
