/* A browser that only writes down what it was given: its arguments as they arrived, one in each line. */

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
    FILE *file = fopen(getenv("DOORKEY_CHECK_BROWSER"), "wb");
    if (file == NULL)
        return 1;
    for (int index = 1; index < count; index++)
        fprintf(file, "%s\n", arguments[index]);
    return fclose(file);
}
